"""What an agent could not do: said from every page, and answered on the desk."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from employees.models import Employee
from resolutions.gaps import say_what_could_not_be_done
from resolutions.models import AuthorityGap
from tests.cast import Cast
from tests.gaps import answered, refuse
from tests.pages import client_of, see_options, words
from tests.putting_right import NOW, put_right, so_many, so_much
from tests.queries import assert_queries

MUCH = so_much("money-off", "40.00")
MINE = "/could-not/mine/"


@pytest.fixture(autouse=True)
def on_the_21st_of_november() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def read(employee: Employee, where: str) -> str:
    return words(client_of(employee).get(where))


def html(answer: Any) -> str:
    content: str = answer.content.decode()
    return content


@pytest.mark.once
def test_what_could_not_be_done_can_be_said_from_everywhere(forno: Cast) -> None:
    client = client_of(forno.agent)
    case = put_right(forno.agent, so_many("reorder"))["id"]
    in_case = f'href="/cases/{case}/could-not/"'
    assert 'href="/could-not/"' in html(client.get("/"))
    assert 'href="/could-not/"' in html(see_options(client, reason_code="late"))
    assert in_case in html(client.get(f"/cases/{case}/"))
    assert in_case in html(client.get(f"/cases/{case}/give/"))
    assert f'href="{MINE}"' in html(client.get("/"))
    assert f'href="{MINE}"' in html(client.get("/could-not/said/"))


def test_nothing_is_answered_until_the_manager_does(forno: Cast) -> None:
    refuse(forno.agent, MUCH)
    assert "Your manager answered" not in read(forno.agent, "/")
    assert "Money off the bill $40.00 More than the limit for one case · today 10:00" in read(
        forno.agent, MINE
    )


def test_the_desk_tells_what_was_answered_and_what_was_asked(forno: Cast) -> None:
    gaps = [refuse(forno.agent, MUCH, at=NOW - timedelta(days=2 - n)) for n in range(2)]
    answered(forno, *gaps, words="It is forty now.")
    told = "Your manager answered Money off the bill, $40.00, yesterday, and 1 more It was changed"
    assert f"{told} “It is forty now.” Manager, today 10:00" in read(forno.agent, "/")
    assert "How far your word goes now" in read(forno.agent, "/")
    for colleague in (forno.colleague, forno.lead):
        assert "It is forty now." not in read(colleague, "/")


@pytest.mark.once
def test_an_answer_leads_to_the_rule_as_it_stands_now(forno: Cast) -> None:
    rule = forno.rule("Modest", value="10.00", remedies=["voucher"])
    gap = refuse(forno.agent, so_much("voucher", "20.00"))
    answered(forno, gap, kind="why-not", policy=rule)
    assert f'href="/handbook/#rule-{rule.pk}"' in html(client_of(forno.agent).get("/"))
    handbook = html(client_of(forno.agent).get("/handbook/"))
    assert f'id="rule-{rule.pk}"' in handbook


def test_who_reads_the_page_has_seen_the_answer(forno: Cast) -> None:
    gaps = [refuse(forno.agent, MUCH) for _ in range(30)]  # more than a page holds
    other = refuse(forno.colleague, MUCH)
    answered(forno, *gaps, other)
    assert "Your manager answered" in read(forno.agent, "/")

    assert "It is forty now." in read(forno.agent, MINE)

    assert "Your manager answered" not in read(forno.agent, "/")
    assert "Your manager answered" in read(forno.colleague, "/")
    seen = AuthorityGap.objects.filter(answer_seen_at=NOW)
    assert seen.count() == 30
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        read(forno.agent, MINE)
    assert seen.count() == 30, "when it was seen first, stays"


def test_the_page_begins_with_what_happened_last(forno: Cast) -> None:
    old = refuse(forno.agent, MUCH, at=NOW - timedelta(days=9))
    refuse(forno.agent, so_many("free-pizza", 3), at=NOW - timedelta(days=1))
    say_what_could_not_be_done("Flowers for her.", acting_employee=forno.agent)
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        answered(forno, old, at=NOW + timedelta(hours=1))
        said = read(forno.agent, MINE)
    places = [said.index(part) for part in ("It is forty now.", "“Flowers", "Free pizza 3 pizzas")]
    assert places == sorted(places)


def test_it_is_read_a_page_at_a_time(forno: Cast) -> None:
    for _ in range(26):
        refuse(forno.agent, MUCH)
    assert read(forno.agent, MINE).count("Money off the bill") == 25
    assert read(forno.agent, f"{MINE}?page=2").count("Money off the bill") == 1
    assert read(forno.agent, f"{MINE}?page=nonsense").count("Money off the bill") == 25


@pytest.mark.once
def test_without_gaps_it_says_so(forno: Cast) -> None:
    assert "Nothing stopped you so far." in read(forno.agent, MINE)


def test_a_lead_reads_the_teams_and_only_a_lead(forno: Cast, scm: Cast) -> None:
    answered(forno, refuse(forno.agent, MUCH))
    refuse(scm.agent, so_much("bill-credit", "900.00"), reason_code="outage")
    team = f"{MINE}?of=team"
    assert "Driver1 · More than the limit" in read(forno.lead, team)
    assert "Money off" not in read(forno.lead, MINE)
    assert "Money off" not in read(forno.colleague, team)
    assert "Bill credit" not in read(forno.lead, team)
    assert not AuthorityGap.objects.filter(answer_seen_at__isnull=False).exists()
    assert "Your team’s, too" not in read(forno.agent, MINE)


def test_reading_it_takes_as_many_queries_for_many_as_for_few(forno: Cast) -> None:
    case = put_right(forno.agent, customer="C-1")["id"]
    assert case
    for n in range(4):
        gap = refuse(forno.agent, MUCH)
        if n % 2:
            answered(forno, gap, words=f"Answer {n}.")
    client = client_of(forno.agent)
    # How many there are, and a page of them: first of it, where their rules stand now.
    reads = ["session", "select employee", "select authoritygap", "select policy"]
    with assert_queries([*reads, "update authoritygap"]):
        client.get(MINE)
    with assert_queries(reads):
        client.get(MINE)
