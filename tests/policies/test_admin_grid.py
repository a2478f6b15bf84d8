"""The grid in the admin: what stands in it, who sees it, and how a limit is set there."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from employees.models import AuthorityTier, Division, Employee
from policies.models import Policy, ReasonCode, Remedy
from policies.publish import publish, withdraw
from tests.admin.desk import Desk, address, said
from tests.cast import Cast, draft_rule
from tests.pages import words
from tests.queries import assert_queries

GRID = reverse("admin:policies_policy_grid")
FORTY = {
    "limit": "40",
    "rationale": "Forty is what three pizzas cost.",
    "customer_wording": "Let me take that off your bill.",
    "change_reason": "Prices rose.",
}


@pytest.fixture
def desk(forno: Cast) -> Desk:
    return Desk(forno.manager)


def cell(company: Cast, tier: str = "Driver", remedy: str = "money-off", *after: str) -> str:
    """Where the limit of a cell is set."""
    where = reverse(
        "admin:policies_policy_cell", args=[company.tiers[tier].pk, company.remedies[remedy].pk]
    )
    return where + "?" * bool(after) + "&".join(f"after={code}" for code in after)


def table(answer: Any) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """The figures and their origins, by remedy and reason."""
    assert answer.status_code == 200
    return {
        (row.remedy.code, row.after): [(c.limit.figure, c.limit.origin) for c in row.cells]
        for rows in answer.context["grid"].remedies
        for row in rows
    }


def refused(answer: Any) -> dict[str, list[str]]:
    """What was wrong, by field."""
    assert answer.status_code == 200
    errors: dict[str, list[str]] = answer.context["form"].errors
    return errors


# --- To look at -----------------------------------------------------------------------------


def test_the_grid_says_how_far_each_tier_goes_and_what_makes_it_so(desk: Desk, forno: Cast) -> None:
    forno.rule("Fifteen buy a dinner", value="15", remedies=["voucher"])
    forno.rule("Late: forty", effect="grant", value="40", remedies=["money-off"], reasons=["late"])
    forno.rule("No pizza by drivers", effect="forbid", remedies=["free-pizza"], tiers=["Driver"])
    answer = desk.client.get(GRID)
    assert table(answer) == {
        ("free-pizza", "any reason"): [("nothing", "forbidden"), ("2 pizzas", "remedy")],
        ("reorder", "any reason"): [("1 reorder", "remedy"), ("1 reorder", "remedy")],
        ("money-off", "any reason"): [("$25.00", "tier"), ("$80.00", "tier")],
        ("money-off", "after Late"): [("$40.00", "grant"), ("$80.00", "tier")],
        ("voucher", "any reason"): [("$15.00", "restriction"), ("$15.00", "restriction")],
    }
    page = words(answer)
    assert "Fifteen buy a dinner: that is fair to everyone." in page
    assert "Driver: So that it is put right on the spot." in page
    assert "Fifteen buy a dinner: here is what I can do." in page


@pytest.mark.once
def test_what_depends_on_the_case_stands_beside_the_limit_in_a_few_words(
    desk: Desk, forno: Cast
) -> None:
    to = {"remedies": ["money-off"]}
    forno.rule("The order", measure="percent", value="100", **to)
    forno.rule(
        "Very late", effect="grant", value="50", reasons=["late"], tiers=["Driver"],
        conditions=[("minutes_late", "ge", "30")], **to,
    )  # fmt: skip
    forno.rule("Not by phone", effect="forbid", channels=["phone"], teams=["Queens"], **to)
    answer = desk.client.get(GRID)
    late = answer.context["grid"].remedies[2][1].cells[0]
    assert [also.words for also in late.also] == [
        "and at most 100 % of the order per case",
        "up to $50.00 per case when minutes late is at least 30",
        "but never in Queens by phone",
    ]
    assert table(answer)["money-off", "after Late"][0] == ("$25.00", "tier")
    page = words(answer)
    assert "in some cases 3 other rules" in page
    assert '<p class="on-paper">In some cases also:</p>' in answer.content.decode()


@pytest.mark.once
def test_what_depends_on_the_case_never_reads_as_more_to_give(desk: Desk, forno: Cast) -> None:
    forno.rule("The order", measure="percent", value="100", remedies=["voucher"])
    page = words(desk.client.get(GRID))
    assert "in some cases another rule" in page
    assert "+" not in page


def test_scheduled_changes_are_marked_with_their_day(desk: Desk, forno: Cast) -> None:
    draft = draft_rule(forno, "Ten from then", value="10", remedies=["money-off"])
    publish(draft, published_by=forno.manager, starts_at=timezone.now() + timedelta(days=3))
    answer = desk.client.get(GRID)
    (change,) = answer.context["grid"].remedies[2][0].cells[0].coming
    assert (change.figure, change.origin, change.at) == ("$10.00", "restriction", draft.starts_at)
    local = timezone.localtime(draft.starts_at, forno.manager.zone)
    assert f"{local:%-d %b %Y}: $10.00" in words(answer)


@pytest.mark.once
def test_one_reason_has_one_row_a_remedy(desk: Desk, forno: Cast) -> None:
    forno.rule("Late: ten", value="10", remedies=["money-off"], reasons=["late"])
    found = table(desk.client.get(GRID, {"after": "late"}))
    assert {after for _, after in found} == {"after Late"}
    assert found["money-off", "after Late"] == [("$10.00", "restriction")] * 2
    assert len(table(desk.client.get(GRID, {"after": "nonsense"}))) == 5


@pytest.mark.once
def test_a_division_with_nothing_in_it_says_what_to_do_first(desk: Desk, forno: Cast) -> None:
    Remedy.objects.update(is_active=False)
    page = words(desk.client.get(GRID))
    assert "Write down the first remedy" in page
    empty = Division.objects.create(code="new", name="New", currency="EUR", case_prefix="N")
    manager = Employee.objects.create_user("new.manager", role="manager", division=empty)
    assert "Set up the first tier" in words(Desk(manager).client.get(GRID))


@pytest.mark.once
def test_the_first_page_and_the_list_of_rules_lead_to_it(desk: Desk, forno: Cast) -> None:
    for page in (reverse("admin:index"), address(Policy, "changelist")):
        assert f'href="{GRID}"' in desk.client.get(page).content.decode()


# --- Who sees it ----------------------------------------------------------------------------


def test_a_manager_sees_their_own_division_only(desk: Desk, forno: Cast, orchard: Cast) -> None:
    answer = desk.client.get(GRID)
    assert answer.context["division"] == forno.division
    assert "Orchard" not in words(answer)
    assert desk.client.get(GRID, {"division": "orchard"}).status_code == 404
    assert desk.client.get(cell(orchard, "Driver", "voucher")).status_code == 404
    assert desk.client.post(cell(orchard, "Driver", "voucher"), FORTY).status_code == 404
    mixed = reverse(
        "admin:policies_policy_cell",
        args=[forno.tiers["Driver"].pk, orchard.remedies["voucher"].pk],
    )
    assert desk.client.get(mixed).status_code == 404
    assert desk.client.get(cell(forno, "Driver", "money-off", "damaged")).status_code == 404


@pytest.mark.once
def test_an_administrator_chooses_a_division_and_only_looks(
    head_office: dict[str, Employee], forno: Cast, orchard: Cast
) -> None:
    desk = Desk(head_office["admin"])
    page = desk.client.get(GRID, {"division": "orchard"})
    assert page.context["division"] == orchard.division
    assert "Change…" not in page.content.decode()
    assert desk.client.get(GRID).context["division"] == forno.division
    assert desk.client.get(cell(orchard)).status_code == 403
    assert desk.client.post(cell(orchard), FORTY).status_code == 403
    assert not Policy.objects.exists()


@pytest.mark.once
def test_agents_leads_and_finance_do_not_come_in(
    head_office: dict[str, Employee], forno: Cast
) -> None:
    for person in (forno.agent, forno.lead, head_office["finance"]):
        assert Desk(person).client.get(GRID).status_code == 403
        assert Desk(person).client.post(cell(forno), FORTY).status_code == 403


# --- To change ------------------------------------------------------------------------------


def test_a_limit_is_set_with_its_why_and_holds_at_once(desk: Desk, forno: Cast) -> None:
    answer = desk.client.post(cell(forno), FORTY, follow=True)
    assert said(answer) == ["Driver, Money off the bill: up to $40.00 from now on."]
    assert table(answer)["money-off", "any reason"] == [("$40.00", "grant"), ("$80.00", "tier")]
    rule = Policy.objects.get()
    assert (rule.published_by, rule.change_reason) == (forno.manager, "Prices rose.")


@pytest.mark.once
def test_a_limit_after_a_reason_is_said_to_hold_after_that_reason(desk: Desk, forno: Cast) -> None:
    late = cell(forno, "Driver", "money-off", "late")
    assert said(desk.client.post(late, FORTY, follow=True)) == [
        "Driver, Money off the bill after Late: up to $40.00 from now on."
    ]
    assert said(desk.client.post(late, {**FORTY, "limit": "0"}, follow=True)) == [
        "Driver, Money off the bill after Late: nothing, from now on."
    ]


@pytest.mark.once
def test_what_is_scheduled_already_is_said_before_it_is_replaced(desk: Desk, forno: Cast) -> None:
    to_come = "A later version is scheduled already"
    desk.client.post(cell(forno), FORTY)
    assert to_come not in words(desk.client.get(cell(forno)))
    desk.client.post(cell(forno), {**FORTY, "limit": "50", "starts_at": "2090-01-01T09:00"})
    assert to_come in words(desk.client.get(cell(forno)))
    assert to_come not in words(desk.client.get(cell(forno, remedy="voucher")))


def test_it_holds_from_the_day_that_is_named_in_the_manager_s_zone(desk: Desk, forno: Cast) -> None:
    desk.client.post(cell(forno), {**FORTY, "starts_at": "2090-01-01T09:00"})
    starts = Policy.objects.get().starts_at
    assert starts == datetime(2090, 1, 1, 9, tzinfo=forno.manager.zone)
    past = desk.client.post(cell(forno), {**FORTY, "limit": "30", "starts_at": "2026-01-01T09:00"})
    assert "never in the past" in refused(past)["starts_at"][0]


def test_what_is_worth_knowing_is_shown_before_a_limit_is_published(
    desk: Desk, forno: Cast
) -> None:
    others = [code for code in forno.remedies if code != "voucher"]
    forno.rule("Vouchers only", effect="forbid", remedies=others, tiers=["Driver"])
    where, nothing = cell(forno, remedy="voucher"), {**FORTY, "limit": "0"}

    first = desk.client.post(where, nothing)
    assert "It leaves nothing to give for Late" in words(first)
    assert "Publish all the same" in words(first)
    assert Policy.objects.count() == 1

    desk.client.post(where, {**nothing, "looked_at": first.context["looked_at"]})
    assert Policy.objects.get(effect="forbid", remedies=forno.remedies["voucher"]).version == 1


def test_a_limit_can_be_kept_as_a_draft_that_is_tried_first(desk: Desk, forno: Cast) -> None:
    asked = f"{cell(forno)}?limit=40.00"
    assert desk.client.get(asked).context["form"]["limit"].value() == "40.00"
    answer = desk.client.post(asked, {**FORTY, "_draft": "1"}, follow=True)
    draft = Policy.objects.drafts().get()
    assert answer.redirect_chain == [(address(Policy, "change", draft.pk), 302)]
    assert "nothing has changed yet" in said(answer)[0]
    assert "Try this draft on past cases" in words(answer)
    assert table(desk.client.get(GRID))["money-off", "any reason"][0] == ("$25.00", "tier")


def test_a_reason_s_row_is_changed_for_its_reasons_together(desk: Desk, forno: Cast) -> None:
    forno.rule("Cold or late", value="10", reasons=["late", "cold"], remedies=["money-off"])
    (_, row) = desk.client.get(GRID).context["grid"].remedies[2]
    assert row.reasons == ("late", "cold")
    where = cell(forno, "Driver", "money-off", *row.reasons)
    assert where.replace("&", "&amp;") in desk.client.get(GRID).content.decode()
    desk.client.post(where, {**FORTY, "limit": "5"})
    rule = Policy.objects.get(value="5")
    assert {r.code for r in rule.reason_codes.all()} == {"late", "cold"}


def test_a_rule_of_its_own_is_shown_with_its_words_and_gets_a_next_version(
    desk: Desk, forno: Cast
) -> None:
    desk.client.post(cell(forno), FORTY)
    form = desk.client.get(cell(forno)).context["form"]
    assert form["rationale"].value() == FORTY["rationale"]
    assert form["customer_wording"].value() == FORTY["customer_wording"]
    assert form["limit"].value() is None
    answer = desk.client.post(cell(forno), {"limit": "0", "change_reason": "Never again."})
    assert answer.status_code == 302
    assert [p.version for p in Policy.objects.order_by("version")] == [1, 2]


@pytest.mark.once
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"limit": ""}, "limit"),
        ({"limit": "a lot"}, "limit"),
        ({"limit": "-1"}, "limit"),
        ({"limit": "1.005"}, "limit"),
        ({"limit": "99999999999999"}, "limit"),
        ({"limit": "25"}, "limit"),
        ({"rationale": ""}, "rationale"),
        ({"customer_wording": " "}, "customer_wording"),
        ({"change_reason": ""}, "change_reason"),
        ({"starts_at": "tomorrow"}, "starts_at"),
        ({"rationale": "a\x00b"}, "rationale"),
        ({"limit": "9" * 38}, "limit"),
        ({"for_all_of": "999"}, "for_all_of"),
        ({"change_reason": "x" * 501}, "change_reason"),
    ],
)
def test_what_can_not_be_published_is_told_at_its_field(
    desk: Desk, forno: Cast, fields: dict[str, str], field: str
) -> None:
    told = refused(desk.client.post(cell(forno), {**FORTY, **fields}))
    assert list(told) == [field]
    assert "nsure" not in told[field][0], "in our own words"
    assert not Policy.objects.exists()


@pytest.mark.once
def test_what_stands_in_the_way_is_told_before_words_are_written(desk: Desk, forno: Cast) -> None:
    forno.rule("Twenty at most", value="20", remedies=["money-off"])
    told = refused(desk.client.post(cell(forno), {"limit": "22", "change_reason": "Prices rose."}))
    assert list(told) == ["limit"]


@pytest.mark.once
def test_all_that_is_missing_is_told_in_one_round(desk: Desk, forno: Cast) -> None:
    told = refused(desk.client.post(cell(forno), {"limit": ""}))
    assert told == {
        "limit": ["Write how much."],
        "change_reason": ["Say why; the people who work by it will read it."],
        "rationale": ["Fill this in."],
        "customer_wording": ["Fill this in."],
    }
    desk.client.post(cell(forno), FORTY)
    assert set(refused(desk.client.post(cell(forno), {"limit": ""}))) == {"limit", "change_reason"}


def test_a_broader_rule_that_binds_no_more_is_not_changed_into_this_cell_s_own(
    desk: Desk, forno: Cast
) -> None:
    broad = forno.rule("Twenty at most", value="20", remedies=["money-off"])
    withdraw(broad, withdrawn_by=None, change_reason="Too tight.")
    answer = desk.client.post(cell(forno), {**FORTY, "for_all_of": broad.pk})
    assert refused(answer) == {"for_all_of": ["That rule has just changed. Look at it once more."]}
    assert Policy.objects.count() == 2
    assert desk.client.post(cell(forno), {**FORTY, "for_all_of": ""}).status_code == 302


@pytest.mark.once
def test_a_cell_s_own_rule_is_not_said_to_stand_in_its_way(desk: Desk, forno: Cast) -> None:
    where = cell(forno, remedy="free-pizza")
    desk.client.post(where, {**FORTY, "limit": "0"})
    answer = desk.client.post(where, {**FORTY, "limit": "5"})
    assert refused(answer)["limit"] == [
        "One case can have 2 pizzas at most: that is set on the remedy’s own page."
    ]
    assert "What stands in the way" not in words(answer)


def test_a_broader_rule_in_the_way_is_named_and_can_be_changed_for_all_it_covers(
    desk: Desk, forno: Cast
) -> None:
    broad = forno.rule("Twenty at most", value="20", remedies=["money-off"])
    assert "for_all_of" in desk.client.get(cell(forno)).context["form"].fields
    answer = desk.client.post(cell(forno), {**FORTY, "limit": "22"})
    assert refused(answer) == {"limit": ["“Twenty at most” allows $20.00 at most."]}
    page = words(answer)
    assert "Anyone may give Money off the bill, but at most $20.00 per case." in page
    assert "“Twenty at most”, for all that it covers" in page
    assert Policy.objects.get() == broad

    only_this = {"limit": "22", "change_reason": "Prices rose.", "for_all_of": broad.pk}
    desk.client.post(cell(forno), only_this)
    assert table(desk.client.get(GRID))["money-off", "any reason"] == [
        ("$22.00", "restriction"),
        ("$22.00", "restriction"),
    ]
    assert Policy.objects.get(version=2).rationale == broad.rationale


@pytest.mark.once
def test_where_the_tier_s_own_limit_holds_the_way_to_it_is_shown(desk: Desk, forno: Cast) -> None:
    page = desk.client.get(cell(forno)).content.decode()
    assert address(AuthorityTier, "change", forno.tiers["Driver"].pk) in page
    assert "for_all_of" not in desk.client.get(cell(forno)).context["form"].fields
    page = desk.client.get(cell(forno, remedy="free-pizza")).content.decode()
    assert address(Remedy, "change", forno.remedies["free-pizza"].pk) in page


def test_nobody_sets_a_limit_so_that_they_may_give_more_themselves(desk: Desk, forno: Cast) -> None:
    forno.manager.tier = forno.tiers["Driver"]
    forno.manager.save(update_fields=["tier"])
    answer = desk.client.post(cell(forno), FORTY)
    assert "your own tier" in refused(answer)["__all__"][0]
    assert not Policy.objects.exists()
    assert desk.client.post(cell(forno), {**FORTY, "_draft": "1"}).status_code == 302
    assert Policy.objects.get().status == "draft"  # which a colleague can publish
    assert desk.client.post(cell(forno, "Shift lead"), {**FORTY, "limit": "90"}).status_code == 302


def test_what_is_out_of_use_has_no_cell(desk: Desk, forno: Cast) -> None:
    Remedy.objects.filter(code="voucher").update(is_active=False)
    assert desk.client.get(cell(forno, remedy="voucher")).status_code == 404
    ReasonCode.objects.filter(code="late").update(is_active=False)
    for odd in ("late", "nonsense", "%00"):
        assert desk.client.get(cell(forno, "Driver", "money-off", odd)).status_code == 404


# --- How much is read -----------------------------------------------------------------------

SEEN = ["session", "employees_employee", "auth_permission"]
RULES_IN_WORDS = [
    "policies_policy",
    "reasoncode",  # their reason codes, remedies, tiers and teams
    "remedy",
    "authoritytier",
    "team",
    "condition",
    "reasoncode",  # what the division's conditions can compare
    "askedfact",
]


def test_forty_remedies_eight_tiers_and_many_rules_are_read_in_as_many_queries(
    desk: Desk, forno: Cast
) -> None:
    large(forno)
    desk.client.get(GRID)  # the rulebook is warm
    with assert_queries([*SEEN, "division", "authoritytier", *RULES_IN_WORDS]):
        answer = desk.client.get(GRID)
    rows = table(answer)
    assert len({code for code, _ in rows}) == 40
    assert {len(cells) for cells in rows.values()} == {8}


def large(company: Cast) -> None:
    """Forty remedies, eight tiers, all with names of eighty letters, and thirty rules."""
    words = {"rationale": "Why.", "customer_wording": "Words."}
    more = [
        Remedy(division=company.division, code=f"r-{i}", name=f"{i:02d}".ljust(80, "r"), **words)
        for i in range(len(company.remedies), 40)
    ]
    Remedy.objects.bulk_create(more)
    AuthorityTier.objects.bulk_create(
        AuthorityTier(
            division=company.division,
            name=f"{i}".ljust(80, "t"),
            limit_per_case=10 * i,
            monthly_budget=100 * i,
            rationale="Why.",
        )
        for i in range(len(company.tiers), 8)
    )
    company.remedies.update((remedy.code, remedy) for remedy in more)
    for i, remedy in enumerate(more[:30]):
        of = {"reasons": ["late"] if i % 2 else [], "measure": "amount" if i % 3 else "percent"}
        company.rule(f"Rule {i}", value=f"{5 + i}", remedies=[remedy.code], **of)


CELL_QUERIES = [
    *SEEN,
    "authoritytier",
    "policies_remedy",
    "policies_reasoncode",
    *RULES_IN_WORDS,
    "policies_policy",  # whether one of them is to say something else soon
]


@pytest.mark.parametrize("rules", [1, 5])
def test_a_cell_s_page_reads_as_much_for_many_rules_as_for_one(
    desk: Desk, forno: Cast, rules: int
) -> None:
    for i in range(rules):
        forno.rule(f"Rule {i}", value=f"{i + 5}", remedies=["money-off"])
        forno.rule(f"Share {i}", measure="percent", value=f"{i + 5}", remedies=["money-off"])
    where = cell(forno, "Driver", "money-off", "late")
    desk.client.get(where)
    with assert_queries(CELL_QUERIES):
        desk.client.get(where)
