"""The table of who may see and do what holds through QuerySets, pages, API and admin alike."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from budgets.models import Budget, LedgerEntry
from employees.models import AuthorityTier, Division, Employee, Team
from policies.models import Policy, ReasonCode, Remedy
from reports.models import (
    Baseline,
    ExportRun,
    MachineToken,
    MonthlyReport,
    PeriodClose,
    ReportDelivery,
    ReportPreference,
)
from resolutions.answer_gaps import may_answer
from resolutions.errors import OutsideAuthority
from resolutions.give_back import may_give_back
from resolutions.models import AuthorityGap, Case, Customer, Incident, Resolution, Review, Trial
from resolutions.reviews import may_review, owe_review_of_low_score
from resolutions.trying.trials import try_limit
from tests.api.client import Api, assert_problem
from tests.cast import Cast, bring_in, bring_in_head_office, draft_rule
from tests.companies import FORNO, SCM
from tests.incidents import storm
from tests.putting_right import NOW, put_right, rows_written, so_many, so_much
from tests.roles_table import (
    ADMIN_DOES,
    ANSWERS_GAPS,
    CHANGES_PEOPLE,
    FINANCES_PAGES,
    GIVES_BACK,
    READERS,
    REVIEWS,
    SEES,
    admin_does,
    sees,
)
from tests.tokens import made, pulled

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

ROWS: dict[str, Any] = {
    "division": Division.objects,
    "team": Team.objects,
    "tier": AuthorityTier.objects,
    "employee": Employee.objects,
    "reason code": ReasonCode.objects,
    "remedy": Remedy.objects,
    "policy": Policy.objects.filter(status="published"),
    "draft": Policy.objects.filter(status="draft"),
    "budget": Budget.objects,
    "entry": LedgerEntry.objects,
    "incident": Incident.objects,
    "customer": Customer.objects,
    "case": Case.objects,
    "resolution": Resolution.objects,
    "gap": AuthorityGap.objects,
    "review": Review.objects,
    "trial": Trial.objects,
    "close": PeriodClose.objects,
    "report": MonthlyReport.objects,
    "baseline": Baseline.objects,
    "wish for reports": ReportPreference.objects,
    "mail of a report": ReportDelivery.objects,
    "token": MachineToken.objects,
    "export": ExportRun.objects.filter(token=None),
    "export by a machine": ExportRun.objects.filter(employee=None),
}
OWNER: dict[Any, Callable[[Any], Employee | None]] = {
    Employee: lambda row: row,
    Budget: lambda row: row.employee,
    LedgerEntry: lambda row: row.budget.employee,
    Case: lambda row: row.opened_by,
    Resolution: lambda row: row.given_by,
    AuthorityGap: lambda row: row.employee,
    Review: lambda row: row.employee,
    ExportRun: lambda row: row.employee,
    ReportPreference: lambda row: row.employee,
    ReportDelivery: lambda row: row.employee,
}
LATER = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """Two divisions: in each all put a case right and were refused something; a limit is tried.

    No customer was content.

    A month is closed and told in each, a machine has a token of it, and all have exported something
    and said whether they want reports.
    """

    forno: Cast
    scm: Cast
    readers: dict[str, Employee]


@pytest.fixture(scope="module")
def made_once(django_db_setup: None, django_db_blocker: "DjangoDbBlocker") -> Iterator[World]:
    """The world, made once for all tests here and taken away afterwards."""
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr("policies.rulebook._kept", {})
        yield _made()
        transaction.set_rollback(True)


@pytest.fixture
def world(made_once: World, db: None) -> World:
    """The world for one test, which may do with it what it likes."""
    return deepcopy(made_once)


def _made() -> World:
    forno, scm, head_office = bring_in(FORNO), bring_in(SCM), bring_in_head_office()
    for company, reason in ((forno, "late"), (scm, "outage")):
        company.rule(f"Of {company.division}", value="20.00")
        storm(company, reason_code=company.reasons[reason], starts_at=LATER)
        draft_rule(company, f"Draft of {company.division}", value="10.00")
        tier, week = company.agent.tier, timedelta(days=7)
        assert tier is not None
        try_limit(
            tier,
            limit_per_case=Decimal(40),
            since=NOW - week,
            until=NOW,
            asked_by=company.manager,
        )
        for person in [p for p in company.people.values() if p.tier]:
            tell = partial(put_right, person, reason_code=reason, customer=person.username)
            remedy = "reorder" if company is forno else "extra-data"
            case = Case.objects.get(pk=tell(so_many(remedy))["id"])
            owe_review_of_low_score(case, at=NOW)
            with pytest.raises(OutsideAuthority):
                tell(so_much("money-off" if company is forno else "bill-credit", "900.00"))
    finance = Employee.objects.create_user("forno.finance", role="finance", division=forno.division)
    _export_it([forno, scm], finance, head_office["finance"])
    return World(
        forno,
        scm,
        {
            "agent": forno.agent,
            "team_lead": forno.lead,
            "manager": forno.manager,
            "finance": finance,
            "group": head_office["finance"],
            "administrator": head_office["admin"],
        },
    )


def _export_it(companies: list[Cast], finance: Employee, group: Employee) -> None:
    """Close and tell a month of each, and pull something as everyone and with every token."""
    for company in companies:
        month = NOW.date().replace(day=1)
        report = MonthlyReport.objects.create(division=company.division, month=month, told={})
        Baseline.objects.create(division=company.division, period="Before", months=1)
        PeriodClose.objects.create(
            division=company.division,
            month=month,
            currency=company.division.currency,
            entries=0,
            spent=Decimal(0),
            given_back=Decimal(0),
            checksum="0" * 64,
            closed_by=group,
        )
        pulled(made(group, divisions=[company.division], name=f"Of {company.division}")[0])
    pulled(made(group, name="Of all")[0])
    for person in (*companies[0].people.values(), *companies[1].people.values(), finance, group):
        pulled(person)
        ReportPreference.objects.create(employee=person)
        ReportDelivery.objects.create(report=report, employee=person, due_at=NOW)


def whose(row: Any, reader: Employee) -> str:
    """Whose a row is, seen from the reader."""
    person = OWNER[type(row)](row) if type(row) in OWNER else None
    if reader in (person, row) or row in (reader.team, reader.tier):
        return "own"
    if _division_of(row) != reader.division:
        return "elsewhere"
    shared = isinstance(row, Team | AuthorityTier | Budget | LedgerEntry)
    if person is None and not shared:
        return "own"
    return "team" if person and person.team and person.team == reader.team else "division"


def _division_of(row: Any) -> Division | None:
    match row:
        case Division():
            return row
        case LedgerEntry():
            return row.budget.division
        case Resolution() | Review():
            return row.case.division
        case ReportPreference() | ReportDelivery():
            return row.employee.division
        case ExportRun():
            return row.employee.division if row.employee else _division_of(row.token)
        case MachineToken():
            return None if row.all_divisions else row.divisions.get()
        case _:
            division: Division | None = row.division
            return division


def visible(thing: str, role: str, reader: Employee) -> set[Any]:
    """The rows that the reader sees by the table."""
    return {row for row in ROWS[thing].all() if whose(row, reader) in sees(role, thing)}


@pytest.mark.parametrize("thing", SEES)
def test_every_read_is_narrowed_to_what_the_reader_may_see(world: World, thing: str) -> None:
    for role, reader in world.readers.items():
        seen = set(ROWS[thing].all().visible_to(reader))
        assert seen == visible(thing, role, reader), f"{role} reading {thing}"


def test_the_world_has_rows_of_every_kind_in_every_place(world: World) -> None:
    """So that no line of the table holds because there was nothing to see."""
    shared = {"own", "elsewhere"}
    for thing in SEES:
        places = {whose(row, world.forno.agent) for row in ROWS[thing].all()}
        if thing in ("team", "tier"):
            assert places == {"own", "division", "elsewhere"}
        elif _is_personal(thing):
            assert places == {"own", "team", "division", "elsewhere"}
        else:
            assert places == shared


def _is_personal(thing: str) -> bool:
    rows = ROWS[thing].all()
    return rows.model in OWNER and any(OWNER[rows.model](row) for row in rows)


@pytest.mark.parametrize("role", READERS)
def test_someone_who_left_sees_nothing(world: World, role: str) -> None:
    reader = world.readers[role]
    reader.is_active = False
    for thing, rows in ROWS.items():
        assert not rows.all().visible_to(reader).exists(), thing


@pytest.mark.parametrize("role", READERS)
def test_the_api_shows_the_cases_and_rules_of_the_table(world: World, role: str) -> None:
    reader, api = world.readers[role], Api(world.readers[role])
    cases = visible("case", role, reader)

    listed = {case["id"] for case in api.get("cases/").json()["results"]}
    assert listed == {case.pk for case in cases}
    for case in Case.objects.all():
        answer = api.get(f"cases/{case.pk}/")
        if case in cases:
            assert answer.json()["id"] == case.pk
        else:
            assert_problem(answer, 404, "not-found")
    rules = {rule["title"] for rule in api.get("policies/").json()["results"]}
    assert rules == {rule.title for rule in visible("policy", role, reader)}


@pytest.mark.parametrize("role", READERS)
def test_the_api_shows_the_budgets_and_entries_of_the_table(world: World, role: str) -> None:
    reader, api = world.readers[role], Api(world.readers[role])
    budgets, entries = (visible(thing, role, reader) for thing in ("budget", "entry"))

    listed = {budget["id"] for budget in api.get("budgets/").json()["results"]}
    assert listed == {budget.pk for budget in budgets}
    told = set()
    for budget in Budget.objects.all():
        one, its_entries = (api.get(f"budgets/{budget.pk}/{part}") for part in ("", "entries/"))
        if budget in budgets:
            assert one.json()["id"] == budget.pk
            told |= {entry["id"] for entry in its_entries.json()["results"]}
        else:
            assert_problem(one, 404, "not-found")
            assert_problem(its_entries, 404, "not-found")
    assert told == {entry.pk for entry in entries}


def signed_in(reader: Employee) -> Client:
    client = Client()
    client.force_login(reader, backend="employees.roles.RoleBackend")
    return client


@pytest.mark.parametrize("role", ["agent", "team_lead"])
def test_the_pages_show_the_cases_and_rules_of_the_table(world: World, role: str) -> None:
    reader, client = world.readers[role], signed_in(world.readers[role])
    cases = visible("case", role, reader)

    for case in Case.objects.all():
        answer = client.get(reverse("case", args=[case.pk]))
        assert answer.status_code == (200 if case in cases else 404)
    handbook = client.get(reverse("handbook")).content.decode()
    for rule in Policy.objects.all():
        shown = rule in visible("policy", role, reader) | visible("draft", role, reader)
        assert (f"{rule.title}:" in handbook) == shown  # as its rationale begins


@pytest.mark.parametrize("role", ["agent", "team_lead"])
def test_what_is_not_there_can_not_be_acted_on_either(world: World, role: str) -> None:
    reader, client = world.readers[role], signed_in(world.readers[role])
    foreign = set(Case.objects.all()) - visible("case", role, reader)
    before = rows_written()

    for case in foreign:
        for page in ("give-more", "close-case", "hand-over-case", "continue-case"):
            told = {"said": "x", "to": "x", "reason": "x", "give-reorder": "1"}
            assert client.post(reverse(page, args=[case.pk]), told).status_code == 404

    assert foreign
    assert rows_written() == before


@pytest.mark.once
@pytest.mark.parametrize("role", ["manager", "finance", "group", "administrator"])
def test_those_without_a_tier_are_not_shown_the_agents_pages(world: World, role: str) -> None:
    client = signed_in(world.readers[role])
    case = Case.objects.filter(division=world.forno.division).first()
    assert case is not None
    for page in (reverse("case", args=[case.pk]), reverse("handbook"), reverse("new-case")):
        answer = client.get(page)
        assert "employees/other_door.html" in [t.name for t in answer.templates]
        assert case.number not in answer.content.decode()


@pytest.mark.parametrize("role", READERS)
def test_finances_pages_show_the_tokens_and_exports_of_the_table(world: World, role: str) -> None:
    reader, client = world.readers[role], signed_in(world.readers[role])
    exports, tokens = client.get(reverse("exports")), client.get(reverse("machine-tokens"))

    doors = FINANCES_PAGES.get(role, "")
    assert (client.get(reverse("reports")).status_code == 200) == ("report" in doors)
    assert (exports.status_code == 200) == ("export" in doors)
    assert (tokens.status_code == 200) == ("token" in doors)
    if "export" in doors:
        seen = visible("export", role, reader) | visible("export by a machine", role, reader)
        assert {run for run, _ in exports.context["runs"]} == seen
    seen = visible("token", role, reader) if "token" in doors else set()
    if "token" in doors:
        assert {shown.token for shown in tokens.context["working"]} == seen
    for token in MachineToken.objects.all():
        answer = client.get(reverse("revoke-token", args=[token.pk]))
        refused = 404 if "token" in doors else 403
        assert answer.status_code == (200 if token in seen else refused)


@pytest.mark.parametrize(
    "role",
    [
        # What each may read is tried on both databases above; the manager has the most pages.
        pytest.param(role, marks=() if role == "manager" else pytest.mark.once)
        for role in READERS
    ],
)
def test_the_admin_shows_and_does_what_the_table_says(world: World, role: str) -> None:
    reader, client = world.readers[role], signed_in(world.readers[role])
    for thing in ADMIN_DOES:
        rows, does = ROWS[thing], admin_does(role, thing)
        seen = visible(thing, role, reader)
        _assert_list(client, thing, seen if "view" in does else None)
        may_add = client.get(_address(rows, "add")).status_code == 200
        assert may_add == (
            "add" in does or (thing == "draft" and "add" in admin_does(role, "policy"))
        )
        for row in _one_of_each_place(rows.all(), reader):
            above = isinstance(row, Employee) and row.role not in CHANGES_PEOPLE.get(role, ())
            allowed = does - {"change"} if above or row == reader else does
            _assert_row(client, row, allowed if row in seen else set(), f"{role}: {thing} {row}")


@pytest.mark.parametrize("role", READERS)
def test_what_could_not_be_carried_out_is_given_back_by_those_of_the_table(
    world: World, role: str
) -> None:
    reader, places = world.readers[role], GIVES_BACK.get(role, "").split()
    given = Resolution.objects.select_related("case__division", "given_by__team")
    for resolution in given:
        may = whose(resolution, reader) in places
        assert may_give_back(resolution, resolution.case, reader) == may
    assert {whose(resolution, world.forno.agent) for resolution in given} == {
        *("own", "team", "division", "elsewhere")
    }


@pytest.mark.parametrize("role", READERS)
def test_gaps_are_answered_by_those_of_the_table(world: World, role: str) -> None:
    reader, places = world.readers[role], ANSWERS_GAPS.get(role, "").split()
    answerable = set(AuthorityGap.objects.all().answerable_by(reader))
    assert bool(answerable) == bool(places)
    for gap in AuthorityGap.objects.select_related("employee__team", "division"):
        assert may_answer(gap, reader) == (whose(gap, reader) in places) == (gap in answerable)
    gap = AuthorityGap.objects.filter(division=world.forno.division)[0]
    for page in ("groups/", f"answer/?chosen={gap.pk}"):
        answer = signed_in(reader).get(f"/admin/resolutions/authoritygap/{page}")
        assert (answer.status_code == 200) == bool(places), page


@pytest.mark.parametrize("role", READERS)
def test_decisions_are_looked_at_by_those_of_the_table(world: World, role: str) -> None:
    reader, places = world.readers[role], REVIEWS.get(role, "").split()
    theirs = set(Review.objects.all().reviewable_by(reader))
    assert bool(theirs) == bool(places)
    for review in Review.objects.select_related("employee__team", "case__division"):
        may = whose(review, reader) in places
        assert may_review(review, reader) == may == (review in theirs)
    client = signed_in(reader)
    assert (client.get(reverse("afterwards")).status_code == 200) == bool(places)
    for review in Review.objects.all():
        answer = client.post(reverse("look-at", args=[review.pk]), {"outcome": "nonsense"})
        unseen = 404 if places else 403
        seen = whose(review, reader) in sees(role, "review")
        assert answer.status_code == (400 if review in theirs else 403 if seen else unseen)


def _assert_list(client: Client, thing: str, seen: set[Any] | None) -> None:
    """The list holds exactly these rows; None means that there is no list."""
    # The list of rules begins with those in force.
    everything = {"standing": "all"} if thing in ("policy", "draft") else {"all": ""}
    answer = client.get(_address(ROWS[thing], "changelist"), everything)
    if seen is None:
        assert answer.status_code in (302, 403), thing
        return
    assert answer.status_code == 200, thing
    listed = set(answer.context["cl"].queryset)
    assert listed & set(ROWS[thing].all()) == seen, thing


def _assert_row(client: Client, row: Any, does: set[str], what: str) -> None:
    page = client.get(_address(type(row).objects, "change", row.pk))
    assert (page.status_code == 200) == ("view" in does), what
    can_save = page.status_code == 200 and b'name="_save"' in page.content
    assert can_save == ("change" in does), what
    deleting = client.get(_address(type(row).objects, "delete", row.pk))
    assert (deleting.status_code == 200) == ("delete" in does), what


def _one_of_each_place(rows: QuerySet[Any], reader: Employee) -> list[Any]:
    return list({whose(row, reader): row for row in rows}.values())


def _address(rows: Any, page: str, *args: int) -> str:
    meta = rows.all().model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=args)
