"""Lists of cases and rules: filtered, in pages, and steady while others work."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from employees.models import Employee, Team
from resolutions.models import Case
from tests.api.client import Api, assert_problem
from tests.api.questions import money_off, wrong_order
from tests.cast import Cast

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def bring_cases(company: Cast, count: int, *, apart: timedelta) -> list[int]:
    """Cases of the agent, the latest first; many may have happened at the same moment."""
    cases = Case.objects.bulk_create(
        Case(
            division=company.division,
            team=company.agent.team,
            reason_code=company.reasons["late"],
            channel="phone",
            opened_by=company.agent,
            opened_at=NOON + i * apart,
        )
        for i in range(count)
    )
    return [case.pk for case in reversed(cases)]


def pages(api: Api, path: str, **query: Any) -> Iterator[list[dict[str, Any]]]:
    while True:
        told = api.get(path, **query).json()
        yield told["results"]
        if told["next"] is None:
            return
        query = {name: values[0] for name, values in parse_qs(urlsplit(told["next"]).query).items()}


@pytest.mark.parametrize("apart", [timedelta(hours=1), timedelta(0)], ids=["apart", "at once"])
def test_following_next_tells_every_case_once_the_latest_first(
    forno: Cast, apart: timedelta
) -> None:
    expected = bring_cases(forno, 25, apart=apart)
    told = list(pages(Api(forno.agent), "cases/", page_size=4))

    assert [len(page) for page in told] == [4] * 6 + [1]
    assert [case["id"] for page in told for case in page] == expected


def test_a_page_does_not_shift_while_cases_are_added(forno: Cast) -> None:
    expected = bring_cases(forno, 10, apart=timedelta(hours=1))
    api, seen = Api(forno.agent), []
    for page in pages(api, "cases/", page_size=3):
        seen += [case["id"] for case in page]
        api.post("cases/", wrong_order())

    assert seen == expected


def test_previous_leads_back(forno: Cast) -> None:
    bring_cases(forno, 6, apart=timedelta(hours=1))
    api = Api(forno.agent)
    first = api.get("cases/", page_size=3).json()
    second = api.client.get(first["next"], headers=api._headers()).json()
    back = api.client.get(second["previous"], headers=api._headers()).json()

    assert back["results"] == first["results"]


@pytest.mark.parametrize(
    "query",
    [
        {"cursor": "garbage"},
        {"cursor": "a\x00"},
        {"page_size": "0"},
        {"page_size": "201"},
        {"page_size": "-1"},
        {"page_size": "many"},
        {"page_size": "²"},
        {"page_size": "9" * 5000},
        {"state": "lost"},
        {"channel": "pigeon"},
        {"opened_from": "yesterday"},
        {"opened_to": "2026-13-01"},
        {"opened_to": "9999-12-31T23:59:59-00:01"},
        {"opened_from": "0001-01-01T00:00:00+12:00"},
        {"customer": "a\x00"},
        {"remedy": "\x00"},
        {"team": "Qeens"},
        {"team": "a\x00"},
        {"reason_code": "lat"},
        {"remedy": "free-pizzas"},
        {"division": "fornos"},
        {"stat": "open"},
        {"customer": ""},
        {"opened_from": " "},
        {"ordering": "note"},
    ],
    ids=str,
)
def test_what_can_not_be_asked_of_a_list_is_refused(forno: Cast, query: dict[str, str]) -> None:
    bring_cases(forno, 3, apart=timedelta(hours=1))
    told = assert_problem(Api(forno.agent).get("cases/", **query), 400, "invalid")

    assert list(told["errors"]) == list(query)


def test_cases_are_found_by_what_is_known_of_them(forno: Cast) -> None:
    api = Api(forno.agent)
    pizza = api.post("cases/", wrong_order()).json()["id"]
    money = api.post("cases/", money_off("3.00", customer="C-2", order_reference="ORD-2")).json()[
        "id"
    ]
    late = api.post("cases/", {"reason_code": "late", "channel": "phone"}).json()["id"]
    now = datetime.now(UTC)

    def found(**query: Any) -> set[int]:
        return {case["id"] for case in api.get("cases/", **query).json()["results"]}

    assert found() == {pizza, money, late}
    assert found(state="open") == {late}
    assert found(state="put-right", remedy="money-off") == {money}
    assert found(reason_code="wrong-order") == {pizza, money}
    assert found(channel="phone") == {late}
    assert found(customer="C-2") == {money}
    assert found(order_reference="ORD-1881") == {pizza}
    assert found(team="Brooklyn") == {pizza, money, late}
    assert found(team="Queens") == set()
    assert found(division="forno") == {pizza, money, late}
    assert found(opened_from=now.isoformat()) == set()
    assert found(opened_from=(now - timedelta(days=1)).date()) == {pizza, money, late}
    assert found(opened_to=now.isoformat()) == {pizza, money, late}
    assert found(opened_to="2026-01-01T00:00:00Z") == set()


def test_a_filter_tells_nothing_of_what_one_may_not_see(forno: Cast, orchard: Cast) -> None:
    api = Api(forno.agent)
    for name, hidden, wrong in (
        ("division", "orchard", "orchid"),
        ("reason_code", "damaged", "damage"),
        ("remedy", "keep-item", "keep-items"),
        ("team", "Care", "Cares"),
    ):
        answers = [api.get("cases/", **{name: value}) for value in (hidden, wrong)]
        told = [assert_problem(answer, 400, "invalid")["errors"] for answer in answers]
        assert told[0] == told[1]
    for name in ("reason_code", "remedy", "division"):
        assert_problem(api.get("policies/", **{name: "nowhere"}), 400, "invalid")


def test_a_case_with_the_remedy_twice_is_listed_once(forno: Cast) -> None:
    api = Api(forno.agent)
    case = api.post("cases/", money_off("3.00")).json()["id"]
    api.post(f"cases/{case}/resolutions/", {"gives": [{"remedy": "money-off", "amount": "2.00"}]})

    assert [c["id"] for c in api.get("cases/", remedy="money-off").json()["results"]] == [case]


def test_the_rules_in_force_are_told_with_their_why_and_words(forno: Cast) -> None:
    forno.rule("Never more than the order", measure="percent", value="100", remedies=["money-off"])
    forno.rule(
        "An hour late",
        effect="grant",
        value="30",
        reasons=["late"],
        channels=["phone"],
        conditions=[("minutes_late", "ge", "60"), ("earlier_value", "lt", "50", 90)],
    )
    forno.rule("Later", value="5", starts_at=datetime(2099, 1, 1, tzinfo=UTC))
    first, second = Api(forno.agent).get("policies/").json()["results"]

    assert first["title"] == "Never more than the order"
    assert first["sentence"].endswith("but at most 100 % of the order per case.")
    assert (first["effect"], first["measure"], first["value"]) == ("restrict", "percent", "100")
    assert first["remedies"] == ["money-off"]
    assert first["rationale"] == "Never more than the order: that is fair to everyone."
    assert first["customer_wording"] == "Never more than the order: here is what I can do."
    assert (second["value"], second["reason_codes"], second["channels"]) == (
        "30.00",
        ["late"],
        ["phone"],
    )
    assert second["conditions"] == [
        {"fact": "minutes_late", "operator": "ge", "value": "60", "window_days": None},
        {"fact": "earlier_value", "operator": "lt", "value": "50", "window_days": 90},
    ]


def test_rules_are_found_by_what_they_are_about(forno: Cast) -> None:
    forno.rule("For all", value="20")
    forno.rule("Late pizza", value="10", reasons=["late"], remedies=["free-pizza"])
    forno.rule("No voucher", effect="forbid", remedies=["voucher"])
    api = Api(forno.agent)

    def found(**query: Any) -> list[str]:
        return [rule["title"] for rule in api.get("policies/", **query).json()["results"]]

    assert found() == ["For all", "Late pizza", "No voucher"]
    assert found(reason_code="cold") == ["For all", "No voucher"]
    assert found(remedy="voucher") == ["For all", "No voucher"]
    assert found(effect="forbid") == ["No voucher"]
    assert found(reason_code="late", remedy="free-pizza") == ["For all", "Late pizza"]


def test_cases_are_found_by_when_they_ended_what_was_ordered_and_who_gave(forno: Cast) -> None:
    api = Api(forno.agent)
    pizza = api.post("cases/", wrong_order()).json()["id"]
    late = api.post("cases/", {"reason_code": "late", "channel": "phone"}).json()["id"]
    with_more = {"gives": [{"remedy": "money-off", "amount": "1.00"}]}
    Api(forno.lead).post(f"cases/{pizza}/resolutions/", with_more)
    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat()

    def found(who: Any, **query: Any) -> list[int]:
        return [case["id"] for case in Api(who).get("cases/", **query).json()["results"]]

    assert found(forno.agent, ended_from="2026-01-01", ended_to=soon) == [pizza]
    assert found(forno.agent, ended_from=soon) == found(forno.agent, ended_to="2026-01-01") == []
    assert found(forno.agent, order_value_min="23.50", order_value_max="23.50") == [pizza]
    assert found(forno.agent, order_value_min="23.5001") == []
    assert found(forno.agent, currency="USD") == [late, pizza]
    assert found(forno.manager, given_by="forno.lead1") == [pizza]
    assert found(forno.manager, given_by="forno.driver2") == []
    assert found(forno.agent, given_by="forno.lead1") == [pizza]


def test_a_team_is_found_by_name_in_every_division_or_in_one(
    forno: Cast, orchard: Cast, head_office: dict[str, Employee]
) -> None:
    Team.objects.filter(division=orchard.division, name="Drivers").update(name="Brooklyn")
    ours = Api(forno.agent).post("cases/", wrong_order()).json()["id"]
    question = {"reason_code": "damaged", "channel": "phone"}
    theirs = Api(orchard.agent).post("cases/", question).json()["id"]
    finance = Api(head_office["finance"])

    def found(api: Api, **query: Any) -> set[int]:
        return {case["id"] for case in api.get("cases/", **query).json()["results"]}

    assert found(finance, team="Brooklyn") == {ours, theirs}
    assert found(finance, team="Brooklyn", division="orchard") == {theirs}
    assert found(finance, team="Brooklyn", currency="GBP") == {theirs}
    assert found(Api(forno.manager), team="Brooklyn") == {ours}


@pytest.mark.parametrize(
    "amount", ["NaN", "1e3", "Infinity", "1,00", "5.", ".5", "5.00001", "+5", "٣", "9" * 11]
)
def test_an_amount_is_digits_and_nothing_that_a_float_could_be(forno: Cast, amount: str) -> None:
    api = Api(forno.agent)
    told = assert_problem(api.get("cases/", order_value_min=amount), 400, "invalid")
    assert told["errors"] == {"order_value_min": ["Write an amount in digits, such as 5.00."]}


def test_a_filter_that_is_there_twice_is_refused(forno: Cast) -> None:
    told = assert_problem(Api(forno.agent).get("cases/", state=["open", "closed"]), 400, "invalid")
    assert told["errors"] == {"state": ["Write it once: one of the two would be passed over."]}
