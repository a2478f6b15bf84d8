"""The manager's page of gaps: in groups, with amounts, and the way to what stopped them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from employees.models import Employee
from policies.models import Remedy
from resolutions.gap_groups import By, Group, gaps_of_group, groups_of, totals_of
from resolutions.gaps import say_what_could_not_be_done
from resolutions.models import AuthorityGap, GapAnswer
from tests.admin.desk import Desk, said
from tests.cast import Cast
from tests.gaps import answered, refuse
from tests.pages import value_of, words
from tests.putting_right import NOW, so_many, so_much
from tests.queries import assert_queries

GROUPS = "/admin/resolutions/authoritygap/groups/"
ANSWER = "/admin/resolutions/authoritygap/answer/"
LAST_MONTH, LONG_BEFORE = NOW - timedelta(days=30), NOW - timedelta(days=75)


@pytest.fixture(autouse=True)
def on_the_21st_of_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def refusals(forno: Cast) -> Cast:
    """Four that a rule stopped, two stopped by the tier's limit and one by a remedy's maximum."""
    forno.rule("Modest vouchers", value="10.00", remedies=["voucher"])
    for amount in ("20.00", "12.00", "40.00"):
        refuse(forno.agent, so_much("voucher", amount))
    refuse(forno.colleague, so_much("voucher", "30.00"), reason_code="cold")
    refuse(forno.agent, so_much("money-off", "26.00"))
    refuse(forno.agent, so_much("money-off", "60.01"), at=LAST_MONTH)
    refuse(forno.lead, so_many("free-pizza", 3), at=LONG_BEFORE)
    say_what_could_not_be_done("Flowers for her.", acting_employee=forno.agent)
    return forno


def groups(company: Cast, by: By) -> list[Group]:
    gaps = AuthorityGap.objects.visible_to(company.manager)
    return groups_of(gaps, by, reader=company.manager, currency=company.division.currency)


def test_groups_count_people_and_amounts(refusals: Cast) -> None:
    rule, limit, most = groups(refusals, By.RULE)
    assert (rule.gaps, rule.people, rule.answered, rule.newest) == (4, 2, 0, NOW)
    assert (rule.asked, rule.largest, rule.median) == (
        Decimal("102.00"),
        Decimal("40.00"),
        Decimal("25.00"),  # between 20.00 and 30.00
    )
    assert rule.cost < rule.asked, "a voucher costs a share of its value"
    assert (limit.median, limit.about) == (Decimal("43.01"), refusals.tiers["Driver"])
    assert (most.median, most.about) == (Decimal("45.00"), refusals.remedies["free-pizza"])


@pytest.mark.parametrize(
    ("by", "counted"),
    [
        (By.REMEDY, {"Voucher": 4, "Money off the bill": 2, "Free pizza": 1}),
        (By.TIER, {"Driver": 6, "Shift lead": 1}),
        (By.TEAM, {"Brooklyn": 7}),
        (By.REASON, {"Late": 6, "Cold food": 1}),
    ],
)
def test_groups_by_each_of_the_others(refusals: Cast, by: By, counted: dict[str, int]) -> None:
    assert {str(group.about): group.gaps for group in groups(refusals, by)} == counted


@pytest.mark.parametrize("by", By)
def test_the_key_of_a_group_finds_its_gaps_again(refusals: Cast, by: By) -> None:
    AuthorityGap.objects.filter(employee=refusals.lead).update(team=None, tier=None)
    everything = AuthorityGap.objects.visible_to(refusals.manager)
    for group in groups(refusals, by):
        found = gaps_of_group(everything, by, group.key)
        assert totals_of(found).refused == group.gaps
        assert totals_of(found).asked == group.asked


def test_versions_of_a_rule_are_one_group_that_leads_to_the_last_one(refusals: Cast) -> None:
    desk = Desk(refusals.manager)
    old = groups(refusals, By.RULE)[0].about
    desk.change(old, value="15.00", change_reason="More", _publish="1")
    refusals.refresh()
    refuse(refusals.agent, so_much("voucher", "30.00"))
    group = groups(refusals, By.RULE)[0]
    assert group.gaps == 5
    assert group.about is not None
    assert group.about != old
    assert str(group.about) == "Modest vouchers"


def page(company: Cast, **asked: str) -> Any:
    return Desk(company.manager).client.get(GROUPS, asked)


def test_the_page_says_how_often_and_how_much(refusals: Cast) -> None:
    read = words(page(refusals))
    assert "The rules refused something 6 times this month and last: $188.01 at face value" in read
    assert "1 time someone said in their own words what they could not do" in read
    assert "It was 2 people; nothing is answered yet." in read
    assert "Modest vouchers" in read
    assert "Driver: the limit for one case" in read
    assert "Free pizza: the most" not in read, "that is longer ago"
    assert "Flowers for her. Driver1, 21 November, 10:00. Answer" in read


def test_other_periods_can_be_looked_at(refusals: Cast) -> None:
    assert "something 5 times this month:" in words(page(refusals, period="this-month"))
    assert "something 1 time last month: $60.01" in words(page(refusals, period="last-month"))
    long = words(page(refusals, period="90-days"))
    assert "something 7 times in the last 90 days" in long
    assert "Free pizza: the most that one case can have" in long
    assert words(page(refusals, period="nonsense", by="nonsense")) == words(page(refusals))


@pytest.mark.once
def test_from_each_group_there_are_ways_that_lead_there(refusals: Cast) -> None:
    desk = Desk(refusals.manager)
    for by in By:
        opened = page(refusals, by=by, period="90-days")
        for row in opened.context["rows"]:
            assert row.about is not None
            assert desk.client.get(row.about[1]).status_code == 200
            listed = desk.client.get(row.gaps).context["cl"].queryset
            assert listed.count() == row.group.gaps, row.gaps
            assert desk.client.get(row.answer).context["counted"]["waiting"] == row.group.gaps


@pytest.mark.once
def test_a_change_is_tried_on_the_days_one_looks_at(refusals: Cast) -> None:
    row = page(refusals, period="90-days").context["rows"][0]
    form = Desk(refusals.manager).client.get(row.trying).context["form"]
    assert form["first"].value() == (NOW - timedelta(days=90)).date()


@pytest.mark.once
def test_what_a_used_up_month_refused_is_nothing_to_try(forno: Cast) -> None:
    forno.agent.personal_budget = Decimal("3.00")
    refuse(forno.agent, so_much("money-off", "20.00"))
    (row,) = page(forno).context["rows"]
    assert (row.title, row.trying) == ("Driver: what was left of the month", "")


def test_what_has_no_value_in_money_is_counted_in_units(forno: Cast) -> None:
    Remedy.objects.filter(code="reorder").update(face_value_per_unit=0)
    forno.refresh()
    refuse(forno.agent, so_many("reorder", 2))
    (group,) = groups(forno, By.REMEDY)
    assert (group.asked, group.units, group.by_number) == (0, 2, True)
    assert "2 units" in words(page(forno))


@pytest.mark.once
def test_an_empty_period_says_so(forno: Cast) -> None:
    assert "Nobody was refused anything this month and last." in words(page(forno))


def test_the_page_makes_as_many_queries_for_many_gaps_as_for_few(refusals: Cast) -> None:
    client = Desk(refusals.manager).client
    client.get(GROUPS)
    for _ in range(5):
        refuse(refusals.agent, so_much("voucher", "30.00"))
        say_what_could_not_be_done("More flowers.", acting_employee=refusals.agent)
    with assert_queries(
        [
            *("session", "select employee"),
            *("select authoritygap", "select authoritygap"),  # groups, and their medians
            *("select policy", "select authoritytier"),  # what stopped them
            "select permission",
            "select authoritygap",  # all in all
            "select authoritygap",  # in their own words
        ]
    ):
        client.get(GROUPS)


@pytest.mark.once
@pytest.mark.parametrize("where", [GROUPS, ANSWER])
def test_others_do_not_come_in(
    refusals: Cast, head_office: dict[str, Employee], where: str
) -> None:
    for person in (refusals.agent, refusals.lead, *head_office.values()):
        assert Desk(person).client.get(where).status_code == 403


def send(company: Cast, where: str, **told: str) -> Any:
    client = Desk(company.manager).client
    up_to = value_of(client.get(where), "up_to")
    return client.post(where, {"up_to": up_to, **told}, follow=True)


def answer_address(company: Cast) -> str:
    address: str = page(company).context["rows"][0].answer
    return address


def test_a_group_is_answered_at_once(refusals: Cast) -> None:
    answer = send(refusals, answer_address(refusals), kind="changed", words="Twenty from now on.")
    assert said(answer) == ["Answered all 4. Those who had them read it on their desks."]
    assert GapAnswer.objects.get().gaps.count() == 4
    assert "Modest vouchers The rule" in words(answer)
    assert answer.context["rows"][0].group.waiting == 0


@pytest.mark.once
def test_the_rule_that_stopped_a_group_is_chosen_already(refusals: Cast) -> None:
    opened = Desk(refusals.manager).client.get(answer_address(refusals))
    assert str(opened.context["form"]["policy"].value()) != ""
    assert opened.context["form"].initial["policy"].title == "Modest vouchers"


def test_what_came_while_the_manager_wrote_is_not_answered_with_it(refusals: Cast) -> None:
    where, client = answer_address(refusals), Desk(refusals.manager).client
    up_to = value_of(client.get(where), "up_to")
    later = refuse(refusals.agent, so_much("voucher", "50.00"))
    client.post(where, {"up_to": up_to, "kind": "why-not", "words": "No."})
    later.refresh_from_db()
    assert later.answer is None
    assert GapAnswer.objects.get().gaps.count() == 4


def test_sent_twice_it_is_answered_once(refusals: Cast) -> None:
    where, client = answer_address(refusals), Desk(refusals.manager).client
    told = {"up_to": value_of(client.get(where), "up_to"), "kind": "changed", "words": "Yes."}
    client.post(where, told)
    again = client.post(where, told, follow=True)
    assert "There is nothing left to answer here" in said(again)[-1]
    assert GapAnswer.objects.count() == 1


@pytest.mark.once
def test_without_words_or_a_kind_the_form_says_what_is_missing(refusals: Cast) -> None:
    answer = send(refusals, answer_address(refusals), words="Yes.")
    assert "Say whether it was changed, or why not." in words(answer)
    answer = send(refusals, answer_address(refusals), kind="changed")
    assert "Write it in your own words" in words(answer)
    answer = send(refusals, answer_address(refusals), kind="pigeon", words="Yes.", policy="x")
    assert words(answer).count("Choose among what is offered.") == 2
    assert not GapAnswer.objects.exists()


def test_chosen_gaps_are_answered_from_the_list(refusals: Cast) -> None:
    chosen = list(AuthorityGap.objects.filter(remedy__code="voucher")[:2])
    opened = Desk(refusals.manager).act("answer", *chosen)
    where = opened.request["PATH_INFO"] + "?" + opened.request["QUERY_STRING"]
    send(refusals, where, kind="why-not", words="As ever.")
    assert set(GapAnswer.objects.get().gaps.all()) == set(chosen)


def test_one_gap_is_answered_from_its_page_and_shows_it_there(refusals: Cast) -> None:
    gap = AuthorityGap.objects.get(remedy=None)
    opened = Desk(refusals.manager).page(gap)
    where = opened.context["answer_address"]
    answer = send(refusals, where, kind="why-not", words="Flowers wilt.")
    assert "Here is why not Flowers wilt." in words(answer)
    assert "Not read yet." in words(answer)
    assert "answer_address" not in answer.context


@pytest.mark.once
def test_the_page_of_a_gap_leads_to_the_rule(refusals: Cast) -> None:
    gap = AuthorityGap.objects.filter(remedy__code="voucher")[0]
    assert f'/admin/policies/policy/{gap.policy_id}/change/">Modest vouchers' in (
        Desk(refusals.manager).page(gap).content.decode()
    )


def test_gaps_of_another_division_are_not_there(refusals: Cast, scm: Cast) -> None:
    theirs, client = AuthorityGap.objects.all()[0], Desk(scm.manager).client
    assert "Nobody was refused anything" in words(client.get(GROUPS))
    for asked in (f"chosen={theirs.pk}", "by=rule&of=nonsense", "by=tier&of=x", "", "by=rule"):
        assert client.get(f"{ANSWER}?{asked}").status_code == 404, asked
    assert client.get(f"{ANSWER}?by=tier&of={theirs.tier_id}").context["counted"]["waiting"] == 0


def test_the_list_can_be_narrowed_to_what_is_not_answered(refusals: Cast) -> None:
    gap = AuthorityGap.objects.get(remedy=None)
    answered(refusals, gap)
    desk = Desk(refusals.manager)
    assert desk.list(AuthorityGap, answered="yes") == [gap]
    assert len(desk.list(AuthorityGap, answered="no")) == 7
    assert desk.list(AuthorityGap, bound="words") == [gap]
    assert len(desk.list(AuthorityGap, period="last-month")) == 1
    assert len(desk.list(AuthorityGap, period="nonsense", rule="nonsense")) == 8


def test_months_begin_where_the_manager_works(forno: Cast) -> None:
    refuse(forno.agent, so_much("money-off", "60.00"), at=datetime(2026, 11, 1, 3, 59, tzinfo=UTC))
    assert "1 time last month" in words(page(forno, period="last-month"))
