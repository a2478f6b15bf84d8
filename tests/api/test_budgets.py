"""Budgets and their entries over the API: who sees which, found by what, and that it adds up."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from budgets import ledger, months, top_ups
from budgets.models import Budget
from employees.models import Employee
from tests.api.client import Api, assert_problem, nothing_written
from tests.api.test_schema import conforms
from tests.budgets.month_of_everything import (
    REASON,
    Everything,
    day,
    everything_happens,
    give_back,
    spend,
)
from tests.cast import Cast
from tests.putting_right import NOW
from tests.queries import assert_queries

WHO = "select knox_authtoken"


@pytest.fixture(autouse=True)
def _on_the_21st_of_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def month(forno: Cast) -> Everything:
    return everything_happens(forno)


def fund(company: Cast, name: str = "Storm in Brooklyn") -> Budget:
    return top_ups.open_fund(
        company.division,
        name=name,
        amount=Decimal("500.00"),
        actor=company.manager,
        request_id=uuid4(),
        at=day(3),
    )


def owed(company: Cast, *costs: str, month: int = 11) -> Budget:
    """What customers of the division were owed in a month, and got."""
    budget = months.open_entitlements(company.division, month=date(2026, month, 1))
    for cost in costs:
        ledger.charge_entitlement(
            budget,
            cost=Decimal(cost),
            actor=company.agent,
            request_id=uuid4(),
            at=day(4, month=month),
            note="Money off the bill",
        )
    return budget


def found(api: Api, path: str = "budgets/", **query: Any) -> list[int]:
    answer = api.get(path, **query)
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


def test_a_month_is_told_with_all_that_it_holds(forno: Cast, month: Everything) -> None:
    api = Api(forno.agent)
    told = api.get(f"budgets/{month.budget.pk}/").json()

    assert told == {
        "id": month.budget.pk,
        "kind": "month",
        "division": "forno",
        "employee": "forno.driver1",
        "team": "Brooklyn",
        "name": "",
        "month": "2026-11",
        "base": "120.00",
        "allotted": "150.00",
        "spent": "57.00",
        "grace": "0.00",
        "left": "93.00",
        "currency": "USD",
        "opened_at": day(1).isoformat(),
    }
    assert api.get("budgets/").json()["results"] == [told]


def test_every_entry_is_told_the_latest_first(forno: Cast, month: Everything) -> None:
    told = Api(forno.agent).get(f"budgets/{month.budget.pk}/entries/").json()["results"]

    assert [(e["kind"], e["amount"], e["balance_after"], e["note"]) for e in told] == [
        ("give-back", "9.00", "93.00", "Never came"),
        ("lent", "-12.00", "84.00", ""),
        ("top-up", "30.00", "96.00", REASON),
        ("spend", "-9.00", "66.00", "Voucher"),
        ("spend", "-45.00", "75.00", "Free pizza"),
        ("allotment", "120.00", "120.00", "November 2026"),
    ]
    assert [e["actor"] for e in told] == [
        *("forno.lead1", "forno.driver1", "forno.manager", "forno.driver1", "forno.driver1", None)
    ]
    assert told[0]["concerns"] == month.given_back.concerns_id
    assert told[1]["concerns"] == month.lent.concerns_id
    assert (told[4]["id"], told[4]["concerns"]) == (month.spent.pk, None)
    assert (told[4]["at"], told[4]["request_id"]) == (
        day(2).isoformat(),
        str(month.spent.request_id),
    )


def test_what_is_told_agrees_with_the_ledger(forno: Cast, month: Everything) -> None:
    owed(forno, "20.00", "3.50")
    fund(forno)
    api = Api(forno.manager)
    budgets = api.get("budgets/").json()["results"]

    assert {budget["kind"] for budget in budgets} == {"month", "fund", "entitlements"}
    for budget in budgets:
        entries = api.get(f"budgets/{budget['id']}/entries/").json()["results"]
        total = sum(Decimal(entry["amount"]) for entry in entries)
        if budget["kind"] == "entitlements":
            assert Decimal(budget["spent"]) == -total == Decimal("23.50")
        else:
            assert Decimal(budget["left"]) == total == Decimal(entries[0]["balance_after"])
            assert Decimal(budget["allotted"]) - Decimal(budget["spent"]) == total


def test_what_customers_were_owed_has_no_cap_and_comes_from_the_ledger(forno: Cast) -> None:
    earlier, budget = owed(forno, "9.00", month=10), owed(forno, "20.00", "3.50")
    give_back(budget.entries.earliest("pk"), forno.lead, day(6))
    api = Api(forno.manager)

    told = api.get(f"budgets/{budget.pk}/").json()
    assert (told["spent"], told["currency"]) == ("3.50", "USD")
    for name in ("base", "allotted", "grace", "left", "employee", "team"):
        assert told[name] is None
    assert api.get(f"budgets/{earlier.pk}/").json()["spent"] == "9.00"
    entries = api.get(f"budgets/{budget.pk}/entries/").json()["results"]
    assert [entry["balance_after"] for entry in entries] == [None] * 3
    assert api.get(f"budgets/{owed(forno, month=9).pk}/").json()["spent"] == "0.00"


def test_a_fund_is_told_by_its_name(forno: Cast) -> None:
    told = Api(forno.manager).get(f"budgets/{fund(forno).pk}/").json()
    assert (told["kind"], told["name"], told["month"]) == ("fund", "Storm in Brooklyn", None)
    assert (told["allotted"], told["left"], told["base"]) == ("500.00", "500.00", None)


def test_looking_writes_nothing_and_opens_no_month(forno: Cast) -> None:
    with nothing_written():
        assert found(Api(forno.agent)) == []


@pytest.mark.parametrize("who", ["finance", "forno.finance"])
def test_finance_reads_the_money_and_nothing_that_people_wrote(
    forno: Cast, head_office: dict[str, Employee], month: Everything, who: str
) -> None:
    Employee.objects.create_user("forno.finance", role="finance", division=forno.division)
    api = Api(Employee.objects.with_authority().get(username=who))
    answer = api.get(f"budgets/{month.budget.pk}/entries/")

    assert [entry["note"] for entry in answer.json()["results"]] == [
        *("", "", "", "Voucher", "Free pizza", "November 2026")
    ]
    assert b"Never came" not in answer.content
    assert REASON.encode() not in answer.content
    others = Api(forno.manager).get(f"budgets/{month.budget.pk}/entries/")
    assert b"Never came" in others.content


def test_ones_own_month_of_a_division_before_stays_ones_own(forno: Cast, orchard: Cast) -> None:
    person = forno.agent
    spend(person, "20.00", day(2))
    person.division, person.team, person.tier = (
        orchard.division,
        orchard.agent.team,
        orchard.agent.tier,
    )
    person.save()
    old = Budget.objects.get(employee=person)
    new = months.open_month(person, at=NOW)

    told = Api(person).get("budgets/").json()["results"]
    assert [(b["id"], b["division"], b["left"], b["currency"]) for b in told] == [
        (new.pk, "orchard", "100.00", "GBP"),
        (old.pk, "forno", "100.00", "USD"),
    ]
    assert found(Api(person), division="forno") == [old.pk]
    assert found(Api(forno.manager)) == [old.pk]
    assert found(Api(forno.manager), employee=person.username) == [old.pk]
    assert found(Api(orchard.manager)) == [new.pk]
    assert_problem(Api(orchard.manager).get(f"budgets/{old.pk}/"), 404, "not-found")
    assert_problem(Api(forno.lead).get(f"budgets/{old.pk}/entries/"), 404, "not-found")


def test_budgets_are_found_by_what_is_known_of_them(forno: Cast) -> None:
    opened = {
        (who, month): spend(forno.people[who], "1.00", day(2, month=month)).budget_id
        for who in ("forno.driver1", "forno.driver3")
        for month in (9, 10, 11)
    }
    storm, entitled = fund(forno).pk, owed(forno, "5.00").pk
    first, third = (
        [opened[who, month] for month in (9, 10, 11)] for who in ("forno.driver1", "forno.driver3")
    )
    api = Api(forno.manager)

    def seen(**query: Any) -> set[int]:
        return set(found(api, **query))

    assert seen() == {*first, *third, storm, entitled}
    assert seen(kind="fund") == {storm}
    assert seen(kind="entitlements", month="2026-11") == {entitled}
    assert seen(division="forno", kind="month") == {*first, *third}
    assert seen(employee="forno.driver1") == set(first)
    assert seen(team="Queens") == set(third)
    assert seen(month="2026-10") == {first[1], third[1]}
    assert seen(month_from="2026-10", employee="forno.driver1") == set(first[1:])
    assert seen(month_to="2026-10") == {*first[:2], *third[:2]}, "the last month is included"
    assert seen(month_from="2026-10", month_to="2026-09") == set()


def test_entries_are_found_by_kind_and_time(forno: Cast, month: Everything) -> None:
    api, path = Api(forno.agent), f"budgets/{month.budget.pk}/entries/"
    taken = month.given_back.concerns_id

    assert found(api, path, kind="spend") == [taken, month.spent.pk]
    assert found(api, path, kind="give-back") == [month.given_back.pk]
    assert found(api, path, at_from=day(5).isoformat()) == [month.given_back.pk, month.lent.pk]
    assert found(api, path, at_from="2026-11-02", at_to=day(3).isoformat()) == [month.spent.pk]
    assert found(api, path, at_to="2026-11-01") == []


@pytest.mark.parametrize(
    "query",
    [
        {"month": "2026-13"},
        {"month": "2026-11-01"},
        {"month": "0000-01"},
        {"month": "november"},
        {"month": "２０２６-11"},
        {"month_from": "2026"},
        {"month_to": "2026-1"},
        {"month": "2026-11\x00"},
        {"month": ""},
        {"kind": "loan"},
        {"division": "fornos"},
        {"team": "Qeens"},
        {"employee": "forno.nobody"},
        {"employee": "a\x00"},
        {"name": "Storm"},
        {"cursor": "garbage"},
        {"page_size": "0"},
    ],
    ids=str,
)
def test_what_can_not_be_asked_of_budgets_is_refused(forno: Cast, query: dict[str, str]) -> None:
    told = assert_problem(Api(forno.manager).get("budgets/", **query), 400, "invalid")
    assert list(told["errors"]) == list(query)


def test_a_month_that_is_none_is_told_how_one_is_written(forno: Cast) -> None:
    told = assert_problem(Api(forno.manager).get("budgets/", month="11/2026"), 400, "invalid")
    assert told["errors"] == {"month": ["Write a year and a month, such as 2026-11."]}


@pytest.mark.parametrize(
    "query", [{"kind": "gift"}, {"at_from": "yesterday"}, {"month": "2026-11"}], ids=str
)
def test_what_can_not_be_asked_of_entries_is_refused(
    forno: Cast, month: Everything, query: dict[str, str]
) -> None:
    answer = Api(forno.agent).get(f"budgets/{month.budget.pk}/entries/", **query)
    assert list(assert_problem(answer, 400, "invalid")["errors"]) == list(query)


def test_a_filter_tells_nothing_of_what_one_may_not_see(forno: Cast, orchard: Cast) -> None:
    months.open_month(forno.colleague, at=NOW)
    api = Api(forno.agent)
    for name, hidden, wrong in (
        ("division", "orchard", "orchid"),
        ("team", "Care", "Cares"),
        ("employee", forno.colleague.username, "forno.nobody"),
        ("employee", orchard.agent.username, "orchard.nobody"),
    ):
        answers = [api.get("budgets/", **{name: value}) for value in (hidden, wrong)]
        told = [assert_problem(answer, 400, "invalid")["errors"] for answer in answers]
        assert told[0] == told[1]


def test_what_is_not_there_and_what_is_not_theirs_look_alike(forno: Cast, scm: Cast) -> None:
    theirs = months.open_month(scm.agent, at=NOW).pk
    api = Api(forno.manager)
    for number in (theirs, theirs + 1000, 10**30):
        for path in (f"budgets/{number}/", f"budgets/{number}/entries/"):
            assert_problem(api.get(path), 404, "not-found")
    for path in ("budgets/one/", "budgets/-1/"):
        assert_problem(api.get(path), 404, "not-found")
    for path in ("budgets/", f"budgets/{theirs}/", f"budgets/{theirs}/entries/"):
        assert_problem(Api().get(path), 401, "not-authenticated")


@pytest.mark.parametrize("path", ["budgets/", "budgets/{}/", "budgets/{}/entries/"])
def test_money_is_only_read_here(forno: Cast, month: Everything, path: str) -> None:
    api = Api(forno.manager)
    path = path.format(month.budget.pk)
    address, headers = f"/api/v1/{path}", api._headers()
    client = Client()
    assert client.head(address, headers=headers).status_code == 200
    with nothing_written():
        assert_problem(api.post(path, {"amount": "5.00"}), 405, "method-not-allowed")
        assert_problem(client.options(address, headers=headers), 405, "method-not-allowed")
        assert_problem(client.delete(address, headers=headers), 405, "method-not-allowed")


@pytest.mark.parametrize("path", ["budgets/", "entries/"])
def test_following_next_tells_every_row_once_the_latest_first(forno: Cast, path: str) -> None:
    """A whole company's months open at the same moment, and so may entries be written."""
    if path == "entries/":
        entries = [spend(forno.agent, "1.00", day(2)) for _ in range(24)]
        budget = entries[0].budget
        path = f"budgets/{budget.pk}/entries/"
        expected = [e.pk for e in reversed(entries)] + [budget.entries.earliest("pk").pk]
    else:
        rows = Budget.objects.bulk_create(
            Budget(
                kind="month",
                division=forno.division,
                employee=forno.agent,
                month=date(2020 + number // 12, number % 12 + 1, 1),
                opened_at=NOW,
            )
            for number in range(25)
        )
        expected = [row.pk for row in reversed(rows)]
    api, query, pages = Api(forno.agent), {"page_size": "4"}, []
    while query:
        told = api.get(path, **query).json()
        pages.append([row["id"] for row in told["results"]])
        asked = parse_qs(urlsplit(told["next"] or "").query)
        query = {name: values[0] for name, values in asked.items()}
        months.open_month(forno.colleague, at=NOW)  # others go on working

    assert [len(page) for page in pages] == [4] * 6 + [1]
    assert [number for page in pages for number in page] == expected


@pytest.mark.parametrize("people", [1, 3])
def test_a_list_of_budgets_however_long(forno: Cast, people: int) -> None:
    for name in ["forno.driver1", "forno.driver2", "forno.driver3"][:people]:
        spend(forno.people[name], "1.00", day(2))
    for number in range(people):
        owed(forno, "5.00", month=10 + number % 3)
        fund(forno, f"Storm {number}")
    api = Api(forno.manager)
    with assert_queries([WHO, "select budget", "select ledgerentry"]):  # what entitlements took
        assert len(found(api)) == 3 * people
    with assert_queries([WHO, "select employee", "select budget"]):  # is there such a person?
        assert len(found(api, employee="forno.driver1")) == 1


def test_one_budget_and_its_entries(forno: Cast, month: Everything) -> None:
    api, path = Api(forno.lead), f"budgets/{month.budget.pk}/"
    with assert_queries([WHO, "select budget"]):
        api.get(path)
    with assert_queries([WHO, "select budget", "select ledgerentry"]):
        assert len(found(api, f"{path}entries/")) == 6


def test_real_answers_are_as_described(forno: Cast, month: Everything) -> None:
    schema = Client().get("/api/v1/schema/?format=json").json()
    entitled, storm = owed(forno, "5.00"), fund(forno)
    api = Api(forno.manager)
    conforms(schema, "budgets/", "get", 200, api.get("budgets/"))
    for budget in (month.budget, entitled, storm):
        one = f"budgets/{budget.pk}/"
        conforms(schema, "budgets/{budget_id}/", "get", 200, api.get(one))
        entries = api.get(f"{one}entries/")
        conforms(schema, "budgets/{budget_id}/entries/", "get", 200, entries)
    conforms(schema, "budgets/", "get", 400, api.get("budgets/", month="x"))
    conforms(schema, "budgets/{budget_id}/", "get", 404, api.get("budgets/0/"))
    asked = {p["name"]: p for p in schema["paths"]["/api/v1/budgets/"]["get"]["parameters"]}
    assert asked["month"]["description"] == "Such as 2026-11."
    assert asked["month_to"]["description"] == "Included, such as 2026-11."


def test_entries_are_found_by_how_much_and_budgets_by_currency(
    forno: Cast, month: Everything, head_office: dict[str, Employee]
) -> None:
    path = f"budgets/{month.budget.pk}/entries/"
    api = Api(forno.agent)
    found_amounts = {
        (low, high): [
            entry["amount"]
            for entry in api.get(path, amount_min=low, amount_max=high).json()["results"]
        ]
        for low, high in (("-9.00", "9.00"), ("30", "120"), ("-12.0001", "-12"))
    }
    assert found_amounts == {
        ("-9.00", "9.00"): ["9.00", "-9.00"],
        ("30", "120"): ["30.00", "120.00"],
        ("-12.0001", "-12"): ["-12.00"],
    }
    finance = Api(head_office["finance"])
    assert month.budget.pk in found(finance, currency="USD")
    assert_problem(finance.get("budgets/", currency="GBP"), 400, "invalid")
