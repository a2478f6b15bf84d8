"""By a file one can do what one can do by hand, and it keeps nobody from working."""

from typing import Any

import pytest

from employees.models import Employee
from policies.models import Policy
from policies.publish import publish
from tests.admin.desk import Desk, address, problems, said
from tests.cast import Cast
from tests.policies.matrix.sheets import (
    bring_in,
    look_at,
    notes,
    rule_row,
    sheet,
    take_out,
    what_happens,
)
from tests.queries import assert_queries

LOOKING = [
    "select django_session",
    "select employee",
    "select permission",
    "select division",
    "select policy",  # in force or scheduled, with what they name
    "select reasoncode",
    "select remedy",
    "select tier",
    "select team",
    "select condition",
    "select reasoncode",
    "select askedfact",
    "select reasoncode",  # all that a file can name
    "select askedfact",
    "select remedy",
    "select tier",
    "select team",
]


def test_another_divisions_rules_are_neither_seen_nor_changed(
    desk: Desk, forno: Cast, orchard: Cast
) -> None:
    foreign = orchard.rule("Ours", value="10.00")
    assert b"Ours" not in take_out(desk, "csv")
    row = rule_row("Mine", rule_id=str(foreign.series), value="99")
    unknown = rule_row("Mine", rule_id="6a6f7c1e-1f64-4a35-8a5e-2f1f0f1d0c11", value="99")
    told = [notes(look_at(desk, sheet(each))) for each in (row, unknown)]
    assert told[0] == told[1]  # no difference is told
    bring_in(desk, sheet(row))
    mine = Policy.objects.get(title="Mine")
    assert mine.division == forno.division
    assert mine.series != foreign.series


@pytest.mark.once
def test_nobody_gives_themselves_more_by_a_file(desk: Desk, forno: Cast) -> None:
    limit = forno.rule("Ten", value="10.00", tiers=["Shift lead"])
    Employee.objects.filter(pk=forno.manager.pk).update(tier=forno.tiers["Shift lead"])
    desk = Desk(Employee.objects.get(pk=forno.manager.pk))
    more = sheet(rule_row("More", effect="grant", tiers="Shift lead"))
    [(line, column, words)] = problems(look_at(desk, more))
    assert (line, column) == (2, "tiers")
    assert "would let you give more" in words
    looser = sheet({"title": "Ten", "value": "90"})
    assert "would let you give more" in problems(look_at(desk, looser, reason="x"))[0][2]
    assert what_happens(look_at(desk, more, published=False)) == [(2, "new")]
    for_drivers = sheet(rule_row("More", effect="grant", tiers="Driver"))
    assert what_happens(look_at(desk, for_drivers)) == [(2, "new")]
    assert Policy.objects.get() == limit


@pytest.mark.once
def test_who_may_only_look_takes_out_and_brings_nothing_in(
    head_office: dict[str, Employee], forno: Cast, orchard: Cast
) -> None:
    forno.rule("Ours", value="10.00")
    desk = Desk(head_office["admin"])
    for page in ("import", "process_import"):
        assert desk.client.get(address(Policy, page)).status_code in (403, 405)
    assert desk.client.post(address(Policy, "process_import")).status_code == 403
    assert desk.client.get(address(Policy, "template", "csv")).status_code == 403
    answer = desk.client.get(address(Policy, "export"), follow=True)
    assert said(answer) == ["Choose a division in the list first: a matrix is of one."]
    of = {"division__id__exact": forno.division.pk}
    assert b"Ours" in desk.client.get(address(Policy, "export"), of).content
    of = {"division__id__exact": orchard.division.pk}
    assert b"Ours" not in desk.client.get(address(Policy, "export"), of).content
    assert Desk(forno.lead).client.get(address(Policy, "export")).status_code in (302, 403)


def test_what_others_changed_since_is_not_overwritten(desk: Desk, forno: Cast) -> None:
    forno.rule("Ten", value="10.00")
    looked_at = look_at(desk, sheet({"title": "Ten", "value": "12"}), reason="Prices rose.")
    forno.rule("Eleven", value="11.00")
    answer = desk.confirm(Policy, looked_at)
    assert said(answer) == ["Something changed meanwhile. Nothing was saved: look again."]
    assert not Policy.objects.filter(value=12).exists()
    typed = answer.context["form"]
    assert typed["change_reason"].value() == "Prices rose."
    assert typed["standing"].value() == "published"
    opened_later = desk.client.get(address(Policy, "import")).context["form"]
    assert not opened_later["change_reason"].value()
    assert opened_later["standing"].value() == "drafts"


def test_when_one_row_is_refused_none_is_brought_in(
    desk: Desk, forno: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = look_at(desk, sheet(rule_row("One"), rule_row("Two"), rule_row("Three")))

    def refuse_the_last(draft: Policy, **how: Any) -> Policy:
        if draft.title == "Three":
            from policies.errors import OwnRule

            raise OwnRule
        return publish(draft, **how)

    monkeypatch.setattr("policies.matrix.bring_in.publish", refuse_the_last)
    answer = desk.confirm(Policy, looked_at)
    assert said(answer) == ["Something changed meanwhile. Nothing was saved: look again."]
    assert not Policy.objects.exists()


@pytest.mark.parametrize("count", [2, 40])
def test_looking_asks_the_same_for_few_rows_and_many_and_writes_nothing(
    desk: Desk, forno: Cast, count: int
) -> None:
    for n in range(count // 2):
        forno.rule(f"Rule {n}", value="10", reasons=["late"],
                   conditions=[("minutes_late", "ge", "30")])  # fmt: skip
    row = {"reason_codes": "late", "remedies": "money-off", "conditions": "minutes_late >= 30"}
    data = sheet(*(rule_row(f"Rule {n}", **row) for n in range(count)))
    look_at(desk, data, reason="x")
    with assert_queries(LOOKING):
        answer = look_at(desk, data, reason="x")
    assert len(what_happens(answer)) == count


@pytest.mark.once
def test_a_confirmation_that_says_nothing_brings_nothing_in(desk: Desk) -> None:
    answer = desk.client.post(address(Policy, "process_import"))
    assert answer.status_code == 200
    assert not Policy.objects.exists()
