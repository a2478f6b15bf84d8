"""How many queries each page makes, each by its name: few, and never more with more rows.

The decision itself costs none: the rulebook is warm.
"""

import pytest
from django.test import Client

from resolutions.models import Case
from resolutions.problem import CustomerDetails
from tests.cast import Cast
from tests.pages import HTMX, client_of, ticks
from tests.putting_right import put_right, so_many, so_much
from tests.queries import assert_queries

WHO = ["session", "select employee"]
KIM = CustomerDetails("555-0142", "Kim Lee")
# One of a mass incident? The same wrong lately? What was given before?
PROBLEM = ("select incident", "select case", "select resolution")
TOLD = {"reason_code": "late", "channel": "doorstep", "customer_reference": "555-0142"}


@pytest.fixture
def driver(forno: Cast) -> Client:
    """A driver with some days' work behind them, and a rulebook that was read before."""
    for number in range(3):
        forno.rule(f"Rule {number}", value="20.00", remedies=["voucher"])
        put_right(forno.agent, so_many("reorder"), so_much("voucher", "5.00"), customer=KIM)
    client = client_of(forno.agent)
    client.get("/")
    return client


def test_the_desk(driver: Client) -> None:
    lately = ["select case", "select resolution"]
    # The second reads what was answered, and first where the rules it is about stand now.
    answered = ["select incident", "select policy", "select review"]
    how_it_went = ["select conclusion"]  # one's cases, and first whether they were handed over
    with assert_queries([*WHO, "budget", "select resolution", *lately, *answered, *how_it_went]):
        driver.get("/")


def test_the_list_of_cases(driver: Client) -> None:
    with assert_queries([*WHO, "select case", "select case", "select resolution"]):
        driver.get("/cases/")


def test_the_empty_form(driver: Client) -> None:
    with assert_queries([*WHO, "select case", "select budget"]):
        driver.get("/cases/new/")


def test_what_can_be_given_now(driver: Client) -> None:
    before_the_customer = [*WHO, "select budget", "select incident"]
    told = {"reason_code": "late", "channel": "doorstep"} | ticks("reorder", free_pizza="1")
    with assert_queries(before_the_customer):
        driver.post("/cases/new/options/", told, headers=HTMX)


def test_what_can_be_given_now_to_a_customer_who_was_here_before(driver: Client) -> None:
    decided = ["select customer", "select budget", *PROBLEM]
    earlier = ["select case", "select resolution"]
    with assert_queries([*WHO, *decided, *earlier]):
        driver.post("/cases/new/options/", TOLD | ticks("reorder"), headers=HTMX)


def test_putting_it_right(driver: Client) -> None:
    told = TOLD | ticks("reorder", free_pizza="1") | {"act": "give"}
    with assert_queries(
        [
            *WHO,
            "select submission",
            "select customer",
            "select budget",
            "select incident",
            "select case",  # the same failure within 30 days?
            "select resolution",  # what was given before
            *(["update budget", "insert ledgerentry"] * 2),
            "insert case",
            "insert resolution",
            "insert submission",
        ]
    ):
        assert driver.post("/cases/new/", told).status_code == 302


def test_the_case(driver: Client) -> None:
    case = Case.objects.latest("pk")
    given = ["select resolution", "select ledgerentry"]  # the second: what was given back
    told = ["select case", *given, "select contact", "select conclusion", "select gap"]
    with assert_queries([*WHO, *told, "select review", "select budget"]):
        driver.get(f"/cases/{case.pk}/")


def test_giving_more(driver: Client) -> None:
    case = Case.objects.latest("pk")
    decided = ["select budget", "select incident", "select resolution"]
    with assert_queries([*WHO, "select case", "select resolution", *decided]):
        driver.get(f"/cases/{case.pk}/give/")


def test_giving_more_to_a_customer_who_is_told_later(driver: Client, forno: Cast) -> None:
    case = put_right(forno.agent)["id"]
    told = {"customer_reference": TOLD["customer_reference"], "order_value": "23.50"}
    seen = ["select case", "select resolution"]
    decided = ["select customer", "select budget", *PROBLEM]
    with assert_queries([*WHO, *seen, *decided, "select case", "select resolution"]):
        driver.post(f"/cases/{case}/give/options/", told, headers=HTMX)


def test_the_handbook(driver: Client) -> None:
    scopes = ["select reasoncode", "select remedy", "select tier", "select team"]
    rules = ["select policy", *scopes, "select condition"]
    reasons = ["select reasoncode", "select askedfact"]  # their facts are named in conditions
    visit = ["select handbookvisit", "insert handbookvisit"]
    with assert_queries([*WHO, *visit, *rules, *reasons, "select remedy"]):
        driver.get("/handbook/")


def test_my_month(driver: Client) -> None:
    with assert_queries([*WHO, "select budget", "select ledgerentry", "select ledgerentry"]):
        driver.get("/month/")
