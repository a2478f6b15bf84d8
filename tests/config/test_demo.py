"""The demo: the stories can be tried in it, its money adds up, and the same day gives the same."""

import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Avg, Count, F, Min, Q

from budgets.check import problems
from budgets.models import Budget, LedgerEntry
from budgets.months import month_as_it_stands
from config.demo.accounts import ACCOUNTS, PASSWORD
from config.demo.days import Calendar
from config.demo.load import NotEmpty, load_demo
from employees.models import AuthorityTier, Division, Employee, Team
from employees.money import money_text
from policies.acknowledge import to_read
from policies.models import Acknowledgement, HandbookVisit, Policy, ReasonCode, Remedy
from policies.rulebook import load_rulebook
from reports import figures
from reports.closing.order import standing_of
from reports.figures import By
from reports.journal import kept_journal
from reports.models import ExportRun, MachineToken, PeriodClose
from resolutions.ask import what_can_be_given
from resolutions.models import (
    AuthorityGap,
    Case,
    CaseState,
    Contact,
    Customer,
    FollowUp,
    GapAnswer,
    Incident,
    NotAsked,
    Resolution,
    Review,
    SurveyOptOut,
    SurveyResponse,
)
from resolutions.problem import CustomerDetails, Problem
from tests.raw_sql import settle
from tests.reports.rollups.agreed import assert_agreed, every_scope, whole

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)
CALENDAR = Calendar(TODAY)
SECONDS = 20


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The demo, loaded once for all tests here and taken away afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        began = time.process_time()
        load_demo(today=TODAY)
        assert time.process_time() - began < SECONDS
        settle()
        yield
        transaction.set_rollback(True)


def employee(username: str) -> Employee:
    return Employee.objects.with_authority().get(username=username)


def test_the_ledger_adds_up() -> None:
    assert list(problems()) == []
    assert LedgerEntry.objects.filter(kind="spend").count() == Resolution.objects.count()


def test_what_reports_read_is_there_and_is_what_happened() -> None:
    for division in Division.objects.all():
        assert_agreed(*every_scope(division), today=TODAY)
        by_month = figures.costs_by(whole(division), By.MONTH)
        closes = PeriodClose.objects.filter(division=division)
        assert closes
        for close in closes:
            costs = by_month[close.month]
            assert (costs.spent, costs.given_back) == (close.spent, close.given_back)


def test_the_people_of_the_stories_can_sign_in() -> None:
    for username, _ in ACCOUNTS:
        assert employee(username).check_password(PASSWORD), username
    usernames = set(Employee.objects.values_list("username", flat=True))
    assert usernames == (
        {f"forno.driver{n}" for n in range(1, 13)}
        | {"forno.lead1", "forno.lead2", "forno.manager"}
        | {f"orchard.driver{n}" for n in range(1, 11)}
        | {f"orchard.care{n}" for n in range(1, 5)}
        | {"orchard.manager"}
        | {f"scm.rep{n}" for n in range(1, 26)}
        | {"scm.lead1", "scm.lead2", "scm.lead3", "scm.manager"}
        | {"finance", "admin"}
    )


def test_divisions_tiers_and_zones_are_those_of_the_stories() -> None:
    tiers = AuthorityTier.objects.values_list(
        "division__code", "division__currency", "name", "monthly_budget", "limit_per_case"
    )
    assert set(tiers) == {
        ("forno", "USD", "Driver", Decimal(120), Decimal(25)),
        ("forno", "USD", "Shift lead", Decimal(400), Decimal(80)),
        ("orchard", "GBP", "Driver", Decimal(100), Decimal(20)),
        ("orchard", "GBP", "Care agent", Decimal(250), Decimal(60)),
        ("scm", "AUD", "Rep", Decimal(200), Decimal(150)),
        ("scm", "AUD", "Team lead", Decimal(800), Decimal(500)),
    }
    assert set(Team.objects.values_list("division__code", "time_zone")) == {
        ("forno", "America/New_York"),
        ("orchard", "Europe/London"),
        ("scm", "Australia/Sydney"),
        ("scm", "Australia/Perth"),
    }
    orchard = Division.objects.get(code="orchard")
    assert (orchard.approval_minutes, orchard.approval_cost) == (12, Decimal("8.40"))
    assert orchard.return_cost == Decimal("11.00")


@pytest.mark.parametrize(
    ("division", "reasons", "remedies"),
    [
        (
            "forno",
            ["late", "wrong-order", "cold", "missing-item"],
            ["free-pizza", "reorder", "money-off", "voucher"],
        ),
        (
            "orchard",
            ["substituted", "damaged", "missing-item", "late"],
            ["money-off", "keep-item", "voucher", "redeliver"],
        ),
        (
            "scm",
            ["billing-dispute", "late-fee", "slow-data", "outage", "roaming"],
            [
                *("bill-credit", "fee-waiver", "payment-extension"),
                *("extra-data", "plan-upgrade", "something-else"),
            ],
        ),
    ],
)
def test_the_codes_of_the_stories_are_there(
    division: str, reasons: list[str], remedies: list[str]
) -> None:
    of_division = {"division__code": division, "is_active": True}
    assert list(ReasonCode.objects.filter(**of_division).values_list("code", flat=True)) == reasons
    assert list(Remedy.objects.filter(**of_division).values_list("code", flat=True)) == remedies


def test_story_1_can_be_tried() -> None:
    marco = employee("forno.driver1")
    answered = what_can_be_given(
        Problem(
            "wrong-order",
            "doorstep",
            customer=CustomerDetails("917-555-9999"),
            order_value=Decimal("23.50"),
        ),
        acting_employee=marco,
        at=CALENDAR.end,
    )
    options = {d.remedy.code: d for d in answered.options}

    assert money_text(answered.budget.left, "USD") == "83.40"
    assert options["free-pizza"].remedy.cost_of(Decimal(1)) == Decimal("5.00")
    assert options["free-pizza"].remedy.face_value_of(Decimal(1)) == Decimal("15.00")
    assert options["reorder"].remedy.cost_of(Decimal(1)) == Decimal("4.00")
    assert options["money-off"].limit == Decimal("23.50")
    assert options["money-off"].binding.title == "Never more than the order"
    assert all(d.verdict == "within" and d.why for d in answered.options)


def test_story_2_and_3_can_be_tried() -> None:
    seun = employee("orchard.driver1")
    at_the_door = what_can_be_given(
        Problem("substituted", "doorstep"), acting_employee=seun, at=CALENDAR.end
    )
    limits = {d.remedy.code: d.limit for d in at_the_door.options}
    assert limits["money-off"] >= 5
    assert limits["keep-item"] >= 1

    jarrah = employee("scm.rep1")
    on_the_phone = what_can_be_given(
        Problem("billing-dispute", "phone"), acting_employee=jarrah, at=CALENDAR.end
    )
    limits = {d.remedy.code: d.limit for d in on_the_phone.options}
    assert limits["bill-credit"] >= 35
    assert money_text(on_the_phone.budget.left, "AUD") == "62.00"


def test_some_twenty_rules_each_say_why_and_what_to_say() -> None:
    at = CALENDAR.end
    assert 20 <= Policy.objects.in_force(at).count() <= 26
    assert not Policy.objects.filter(rationale="") | Policy.objects.filter(customer_wording="")
    assert Policy.objects.scheduled(at).count() == 1
    assert Policy.objects.drafts().count() == 3
    assert Policy.objects.filter(withdrawn=True).count() == 2
    changed = Policy.objects.in_force(at).filter(version=2)
    assert changed.count() == 3
    assert all(policy.change_reason for policy in changed)


def test_the_handbook_was_read_and_there_is_a_new_hard_rule_in_it() -> None:
    with_a_tier = Employee.objects.filter(tier__isnull=False).count()
    assert HandbookVisit.objects.filter(since=None, at__lt=CALENDAR.end).count() == with_a_tier
    for code in ("forno", "orchard", "scm"):
        hard = Policy.objects.in_force(CALENDAR.end).filter(division__code=code, effect="forbid")
        rows: Any = hard.with_readers()
        for rule in rows:
            assert 0 < rule.have_read < rule.readers, rule
    marco = employee("forno.driver1")
    rulebook = load_rulebook(Division.objects.get(code="forno"))
    (unread,) = to_read(marco, rulebook, at=CALENDAR.end)
    assert unread.title == "No cash for gift cards"
    past = Acknowledgement.objects.filter(policy__title__startswith="A photo before")
    assert past.exists(), "a rule that was withdrawn keeps who had read it"
    assert not Acknowledgement.objects.filter(at__gte=CALENDAR.end).exists()


def test_a_limit_was_changed_and_the_history_says_why() -> None:
    before, after = AuthorityTier.objects.get(
        name="Driver", division__code="forno"
    ).history.order_by("history_id")
    assert (before.limit_per_case, after.limit_per_case) == (20, 25)
    assert after.history_user.username == "forno.manager"
    assert after.history_change_reason


def test_there_is_half_a_year_of_every_kind_of_case() -> None:
    assert 2500 <= Case.objects.count() <= 4000
    for division in Division.objects.all():
        states = set(Case.objects.filter(division=division).values_list("state", flat=True))
        assert states >= set(CaseState.values) - {"open"}, division
        gaps = AuthorityGap.objects.filter(division=division)
        assert gaps.exclude(words="").exists()
        assert set(gaps.values_list("bound", flat=True)) >= {"restriction", "forbidden", "tier"}
    assert Case.objects.filter(state="open").exists()
    assert Contact.objects.exists()
    assert Resolution.objects.filter(verdict="grace", review_afterwards=True).exists()
    assert Resolution.objects.filter(owed=True, entry__budget__kind="entitlements").exists()
    first = Case.objects.aggregate(first=Min("opened_at"))["first"]
    assert first - CALENDAR.begin < timedelta(days=2)


def test_some_remedies_could_not_be_carried_out() -> None:
    backs = LedgerEntry.objects.filter(kind="give-back").select_related("concerns__budget")
    assert {back.budget.division.code for back in backs} == {"forno", "orchard", "scm"}
    assert all(back.note and back.actor == back.concerns.actor for back in backs if back.concerns)
    late = [b for b in backs if b.budget.month and b.at.date().replace(day=1) > b.budget.month]
    assert late, "at least one month was over by then"
    for resolution in Resolution.objects.given_back():
        assert resolution.case.resolutions.standing().exists()
        assert resolution.case.state != CaseState.OPEN


def test_some_gaps_are_answered_and_the_last_answers_are_not_read_yet() -> None:
    answers = GapAnswer.objects.annotate(unread=Count("gaps", Q(gaps__answer_seen_at=None)))
    for code in ("forno", "orchard", "scm"):
        assert {a.kind for a in answers.filter(division__code=code)} == {"changed", "why-not"}
        assert answers.filter(division__code=code, unread__gt=0).exists()
    assert all(answer.gaps.exists() for answer in answers)
    assert AuthorityGap.objects.filter(answer=None).count() > 50
    driver = Employee.objects.get(username="forno.driver1")
    assert AuthorityGap.objects.news_for(driver).exists()
    assert not AuthorityGap.objects.filter(team=None).exists()


def test_what_went_further_is_looked_at_by_the_leads_and_the_last_days_wait() -> None:
    said = Review.objects.looked_at().select_related("employee", "reviewed_by")
    assert set(said.values_list("outcome", flat=True)) == {"backed", "with-a-note"}
    assert 0 < said.exclude(note="").count() < said.count() / 4
    why = {"grace", "over-budget", "given-back", "sample"}
    assert set(said.values_list("why", flat=True)) >= why
    assert not said.filter(reviewed_at__gte=CALENDAR.end)
    assert not said.filter(reviewed_by=F("employee"))
    for lead in ("forno.lead1", "forno.manager", "orchard.manager", "scm.lead1", "scm.manager"):
        waiting = Review.objects.reviewable_by(employee(lead)).to_look_at().by_case()
        assert 0 < len(waiting) < 40, lead
    news = Review.objects.looked_at().filter(seen_at=None).values("employee")
    assert news.distinct().count() > 5
    listed = Resolution.objects.to_look_at() | Resolution.objects.looked_at()
    assert not Resolution.objects.filter(review_afterwards=True).exclude(pk__in=listed).exists()


def test_finance_has_tokens_and_a_log_of_what_was_exported() -> None:
    tokens = MachineToken.objects.working_first(CALENDAR.end)
    assert [(token.name, token.revoked_at is None) for token in tokens] == [
        ("Dashboard of Southern Cross", True),
        ("Nightly load", True),
        ("Audit of the first half", False),
    ]
    assert all(token.made_at < CALENDAR.end for token in tokens)
    runs = ExportRun.objects.visible_to(employee("finance"))
    assert runs.count() == ExportRun.objects.count() > 25
    assert {run.outcome for run in runs} == {"whole", "broken-off"}
    assert all(run.started_at < CALENDAR.end for run in runs)
    for run in runs.filter(token__isnull=False).select_related("token"):
        assert run.token
        assert run.export in run.token.exports
        assert run.started_at < (run.token.revoked_at or run.token.expires_at)


def test_a_mass_incident_was_paid_for_by_its_fund() -> None:
    storm = Incident.objects.select_related("fund").get()
    assert storm.cases.count() > 5
    assert 0 < storm.fund.spent <= storm.fund.allotted
    paid = Resolution.objects.filter(entry__budget=storm.fund)
    assert {resolution.case.incident for resolution in paid} == {storm}
    assert {record.history_date.date() for record in storm.history.all()} == {
        storm.starts_at.date()
    }


def test_nothing_has_happened_after_its_end() -> None:
    for model in (Resolution, LedgerEntry, AuthorityGap, Contact):
        assert not model._default_manager.filter(at__gte=CALENDAR.end + timedelta(minutes=10))
    assert not Case.objects.filter(opened_at__gte=CALENDAR.end)
    numbers = list(Case.objects.order_by("pk").values_list("opened_at", flat=True))
    assert numbers == sorted(numbers), "case numbers rise with time"
    times = list(LedgerEntry.objects.order_by("pk").values_list("at", flat=True))
    assert times == sorted(times), "entries rise with time"


def test_every_month_was_opened_for_everyone_with_a_tier() -> None:
    months = Budget.objects.filter(kind="month")
    opened = months.values("employee").annotate(n=Count("pk")).values_list("n", flat=True)
    assert set(opened) == {7}
    assert len(opened) == Employee.objects.filter(tier__isnull=False).count()


def test_most_of_the_month_is_left_to_most() -> None:
    now = [month_as_it_stands(e, at=CALENDAR.end) for e in _with_a_tier()]
    assert sum(month.left > month.allotted / 2 for month in now) > len(now) / 2


def _with_a_tier() -> list[Employee]:
    return list(Employee.objects.with_authority().filter(tier__isnull=False))


def test_what_is_stored_is_what_was_decided() -> None:
    for resolution in Resolution.objects.select_related("case__division", "remedy"):
        decision, currency = resolution.decision, resolution.case.division.currency
        assert decision["remedy"] == resolution.remedy.code
        assert decision["verdict"] == resolution.verdict
        assert decision["cost"] == money_text(resolution.cost, currency)
        assert decision["owed"] is resolution.owed
    refused = AuthorityGap.objects.filter(words="")
    assert {gap.decision["verdict"] for gap in refused} == {"outside"}


def test_nobody_put_their_own_case_right() -> None:
    own = Customer.objects.filter(
        reference__in=Employee.objects.exclude(customer_reference="").values("customer_reference")
    )
    assert own.count() == 2
    assert not Resolution.objects.filter(
        case__customer__reference=F("given_by__customer_reference")
    ).exists()


def test_mails_of_the_half_year_were_sent_and_the_last_are_owed() -> None:
    assert FollowUp.objects.filter(sent_at__isnull=False).count() > 1000
    owed = FollowUp.objects.filter(sent_at__isnull=True, not_asked="", case__state="put-right")
    assert 0 < owed.count() < 60
    assert not Customer.objects.exclude(email="").exclude(email__contains="@example.")


def test_nobody_was_asked_twice_within_a_month_or_after_they_had_enough() -> None:
    sent = FollowUp.objects.filter(sent_at__isnull=False)
    asked: dict[tuple[int, str], datetime] = {}
    gone = {(o.division_id, o.email): o.at for o in SurveyOptOut.objects.all()}
    for division, email, at in sent.order_by("sent_at").values_list(
        "case__division", "case__customer__email", "sent_at"
    ):
        who = (division, email.lower())
        assert at is not None
        assert who not in asked or at - asked[who] >= timedelta(days=30)
        assert who not in gone or at < gone[who]
        asked[who] = at
    assert gone
    why = set(FollowUp.objects.values_list("not_asked", flat=True))
    assert why == {"", *NotAsked.values} - {NotAsked.NO_ADDRESS}


def test_customers_answered_most_of_them_content_and_least_where_it_went_wrong_twice() -> None:
    answers = SurveyResponse.objects.select_related("follow_up")
    assert all(a.follow_up.sent_at and a.follow_up.sent_at < a.at < CALENDAR.end for a in answers)
    assert not answers.filter(by_hand=False).exclude(comment="", aspect="")

    def mean(**of: Any) -> float:
        return float(answers.filter(**of).aggregate(mean=Avg("score"))["mean"])

    sent = FollowUp.objects.filter(sent_at__isnull=False)
    assert 0.35 < answers.count() / sent.count() < 0.45
    assert 4.05 < mean() < 4.35
    assert mean(follow_up__case__second_failure=True) < mean() - 0.4
    for division in Division.objects.all():
        of_division: dict[str, Any] = {"follow_up__case__division": division}
        asked = sent.filter(case__division=division).count()
        assert 0.3 < answers.filter(**of_division).count() / asked < 0.5
        assert 4 < mean(**of_division) < 4.5
        assert answers.filter(**of_division).exclude(comment="").count() > 10
        assert answers.filter(**of_division).exclude(aspect="").count() > 20


def test_the_demo_goes_into_an_empty_database_only() -> None:
    cases = Case.objects.count()
    with pytest.raises(NotEmpty):
        load_demo(today=TODAY)
    with pytest.raises(CommandError, match="nothing was changed"):
        call_command("load_demo", stdout=StringIO())
    assert Case.objects.count() == cases


def test_a_day_that_is_none_is_refused() -> None:
    with pytest.raises(CommandError, match="“tomorrow” is not a day"):
        call_command("load_demo", "--today", "tomorrow")


def test_finance_has_closed_all_months_but_the_last_whole_one() -> None:
    """October is theirs to close; what happened before June was before they began."""
    whole = [date(2026, month, 1) for month in (6, 7, 8, 9)]
    closes = PeriodClose.objects.order_by("division", "month")
    closed: dict[str, list[date]] = {}
    for close in closes.select_related("division", "closed_by"):
        closed.setdefault(close.division.code, []).append(close.month)
        assert close.spent > 0
        assert (close.closed_by.username, close.closed_at.day) == ("finance", 3)
        kept_journal(close)
    assert closed == dict.fromkeys(("forno", "orchard", "scm"), whole)
    for division in Division.objects.all():
        standing = standing_of(division, at=CALENDAR.end)
        assert (standing.next, standing.is_over) == (date(2026, 10, 1), True)
    assert Remedy.objects.filter(gl_account="").values_list("code", flat=True).get() == (
        "something-else"
    )
