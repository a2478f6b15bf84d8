"""Two tokens with different scopes, and 300 requests that try to see more: nothing leaks.

Whatever is asked for beyond a scope is answered byte by byte as what there is nowhere.
"""

import json
from collections.abc import Callable, Iterator
from itertools import chain, product
from typing import Any

import pytest
from django.core.signing import b64_decode

from employees.models import Employee
from reports.exports import news, pull
from reports.exports.tables import TABLES
from reports.models import ExportRun, MachineToken
from tests.api.client import assert_problem
from tests.cast import Cast
from tests.gaps import refuse
from tests.putting_right import put_right, so_much
from tests.reports.exports.pulling import Pulls
from tests.reports.exports.world import World
from tests.tokens import made

pytestmark = pytest.mark.django_db(transaction=True)
Asked = dict[str, Any]
# Something of the other division by each filter, and what there is nowhere. Equally long: errors
# that repeat what was asked would differ by that alone.
THEIRS = {
    "division": ("scm", "xyz"),
    "currency": ("AUD", "XYZ"),
    "team": ("Sydney", "Nowher"),
    "tier": ("Rep", "Nob"),
    "cost_centre": ("SYD", "XYZ"),
    "remedy": ("bill-credit", "dill-credit"),
    "reason_code": ("late-fee", "late-fxx"),
}
OPENED = ("ledger", "cases", "resolutions", "budgets")  # to Forno's token, but no gaps
ODDLY: list[Callable[[str], str]] = [
    str.upper,
    str.title,
    lambda text: f" {text}",
    lambda text: f"{text} ",
    lambda text: f"{text}\x00",
    lambda text: f"{text}%",
    lambda text: f"{text}' OR '1'='1",
    lambda text: f'{text}" --',
    lambda text: f"forno,{text}",
    lambda text: f"%{text}",
    lambda text: text.replace("s", "ſ"),
    lambda text: f"\u200b{text}",
]


@pytest.fixture
def tokens(world: World, head_office: dict[str, Employee]) -> tuple[Pulls, Pulls]:
    """One that opens four exports of Forno, and one that opens two of Southern Cross Mobile."""
    finance = head_office["finance"]
    _, fornos = made(finance, divisions=[world.forno.division], exports=OPENED, name="Fornos")
    _, scms = made(
        finance, divisions=[world.scm.division], exports=["gaps", "ledger"], name="Secret"
    )
    return Pulls(fornos), Pulls(scms)


def secrets(scm: Cast) -> list[bytes]:
    """Words that stand in every answer in which something of the other division is."""
    words = [
        scm.division.name,
        "scm.rep",
        "Storm in Perth",
        "Sydney",
        "Perth",
        "bill-credit",
        "late-fee",
        "AUD",
        "S-1",
        "S-2",
        "Secret",
    ]
    return [word.encode() for word in words]


def narrow(answer: Any) -> tuple[int, bytes, str]:
    """All of an answer that can tell something: status, body and headers.

    Left out are the time, and the cursor, in whose signature any letters may stand; what a cursor
    tells is looked at by itself.
    """
    body = answer.getvalue() if answer.streaming else answer.content
    body = body.replace(answer.get("Leeway-Next", "no cursor").encode(), b"<cursor>")
    left_out = ("Date", "Leeway-Next", "Link")
    told = {name: value for name, value in answer.headers.items() if name not in left_out}
    return answer.status_code, body, repr(sorted(told.items()))


def attempts() -> Iterator[tuple[str, Asked, Asked]]:
    """Export, what is asked of the other division, and the same of nothing that there is."""
    for name, (field, pair) in product(OPENED, THEIRS.items()):
        if field in ("remedy", "reason_code") and name == "budgets":
            continue
        theirs, nowhere = pair
        if name == "cases" and field == "remedy":
            yield name, {field: theirs, "format": "jsonl"}, {field: nowhere, "format": "jsonl"}
        yield name, {field: theirs}, {field: nowhere}
        own = {"currency": "USD"} if field == "division" else {"division": "forno"}
        yield name, {field: theirs, **own}, {field: nowhere, **own}
        yield name, {field: theirs, "amount_min": "0"}, {field: nowhere, "amount_min": "0"}
        yield name, {field: theirs, "format": "xlsx"}, {field: nowhere, "format": "xlsx"}
        yield name, {field: theirs, "after": "beginning"}, {field: nowhere, "after": "beginning"}
    for oddly, (field, pair) in product(ODDLY, THEIRS.items()):
        yield "ledger", {field: oddly(pair[0])}, {field: oddly(pair[1])}


def wide() -> Iterator[tuple[str, Asked]]:
    """What is asked for without naming anything of the other division."""
    months: list[Asked] = [{"month": f"2026-{month}"} for month in ("10", "11")]
    others: list[Asked] = [
        {},
        {"amount_min": "25.00", "amount_max": "25.00"},
        {"amount_min": "-9999999999"},
        {"at_from": "2026-10-31T14:00:00Z", "at_to": "2026-10-31T14:00:01Z"},
        {"month_from": "2026-01"},
        {"after": "beginning"},
        {"format": "jsonl"},
    ]
    yield from product(OPENED, (*months, *others))
    for column in chain.from_iterable(t.column for t in TABLES.values()):
        yield "cases", {"columns": f"id,{column}"} if column != "id" else {}


def test_what_is_elsewhere_is_answered_as_what_is_nowhere(
    world: World, tokens: tuple[Pulls, Pulls]
) -> None:
    fornos, _ = tokens
    tried = 0
    for name, theirs, nowhere in attempts():
        seen, unseen = (narrow(fornos.answer(name, **asked)) for asked in (theirs, nowhere))
        assert seen[0] == unseen[0] == 400, (name, theirs)
        shown = {str(value) for value in theirs.values()}
        assert not [s for s in secrets(world.scm) if s in seen[1] and s.decode() not in shown]
        assert seen == unseen, (name, theirs)
        tried += 2
    assert tried > 300
    assert not ExportRun.objects.exists()


def test_what_is_there_for_them_is_of_their_own_division_alone(
    world: World, tokens: tuple[Pulls, Pulls]
) -> None:
    fornos, _ = tokens
    for name, asked in wide():
        status, body, headers = narrow(fornos.answer(name, **asked))
        assert status in (200, 400), (name, asked)
        for word in secrets(world.scm):
            assert word not in body, (name, asked, word)
            assert word.decode() not in headers, (name, asked, word)
    counted = set(ExportRun.objects.values_list("rows", flat=True))
    assert max(counted) == len(fornos.ids("ledger")), "the log counts what they have got"


def test_more_of_the_others_changes_no_answer(world: World, tokens: tuple[Pulls, Pulls]) -> None:
    """Not a count, not an order, not a header: nothing shows what goes on elsewhere."""
    fornos, scms = tokens
    asked: list[tuple[str, Asked]] = [(name, {}) for name in OPENED]
    asked += [("ledger", {"columns": "id,amount", "format": "jsonl"}), ("cases", {"team": "Perth"})]
    before = [narrow(fornos.answer(name, **filters)) for name, filters in asked]
    listed = narrow(fornos.answer())
    for _ in range(3):
        put_right(world.scm.agent, so_much("bill-credit", "7.00"), reason_code="late-fee")
        refuse(world.scm.agent, so_much("bill-credit", "901.00"), reason_code="late-fee")
    assert [narrow(fornos.answer(name, **filters)) for name, filters in asked] == before
    assert narrow(fornos.answer()) == listed
    assert len(scms.ids("gaps")) == 4


def test_each_token_opens_its_own_exports(tokens: tuple[Pulls, Pulls]) -> None:
    fornos, scms = tokens
    told = assert_problem(fornos.answer("gaps"), 403, "forbidden")
    assert told["detail"] == "This token was not made for the export “gaps”."
    for asked in ({"team": "Sydney"}, {"after": "x"}, {"columns": "words"}, {"nothing": "1"}):
        assert assert_problem(fornos.answer("gaps", **asked), 403, "forbidden") == told
    for name in ("cases", "resolutions", "budgets"):
        assert_problem(scms.answer(name), 403, "forbidden")
    assert [export["name"] for export in scms.answer().json()] == ["ledger", "gaps"]


def test_the_cursor_of_the_other_is_refused_as_any_foreign_one(
    tokens: tuple[Pulls, Pulls],
) -> None:
    fornos, scms = tokens
    _, theirs = scms.since("ledger", "beginning")
    _, own = fornos.since("cases", "beginning")
    one, other = (narrow(fornos.answer("ledger", after=cursor)) for cursor in (theirs, own))
    assert one == other
    assert one[0] == 400


def test_a_cursor_tells_its_holder_no_number(
    world: World, tokens: tuple[Pulls, Pulls], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its mark counts what is written in all divisions: taken apart, a cursor does not show it."""
    fornos, _ = tokens
    marks: list[int] = []
    there = news.moment_of

    def noted(own: Any, table: Any) -> news.Moment:
        moment = there(own, table)
        marks.append(moment.mark)
        return moment

    monkeypatch.setattr(pull, "moment_of", noted)
    cursors = [fornos.since("ledger", "beginning")[1] for _ in range(2)]
    held = [json.loads(b64_decode(cursor.partition(":")[0].encode())) for cursor in cursors]
    assert held[0][0] != held[1][0]
    assert all(mark not in values for mark, values in zip(marks, held, strict=True))
    assert fornos.since("ledger", cursors[0])[0] == []


def test_own_words_need_a_token_made_so(tokens: tuple[Pulls, Pulls]) -> None:
    fornos, _ = tokens
    for columns in ("note", "id,note", "outcome_note", "handed_over_to"):
        told = assert_problem(fornos.answer("cases", columns=columns), 400, "invalid")
        assert "own words" in told["errors"]["columns"][0]


@pytest.mark.parametrize("who", ["agent", "lead", "admin"])
def test_exports_are_for_finance_and_managers(
    forno: Cast, head_office: dict[str, Employee], who: str
) -> None:
    people = {"agent": forno.agent, "lead": forno.lead, **head_office}
    pulls = Pulls(people[who])
    for name in ("", *TABLES):
        assert_problem(pulls.answer(name), 403, "forbidden")
        assert_problem(pulls.answer(name, division="forno", after="x"), 403, "forbidden")
    assert not ExportRun.objects.exists()


def test_nobody_pulls_without_a_token(forno: Cast) -> None:
    for name in ("", *TABLES):
        assert_problem(Pulls("").answer(name), 401, "not-authenticated")


def test_a_manager_pulls_their_own_division(world: World) -> None:
    rows = Pulls(world.scm.manager).rows("cases")
    assert {row["division"] for row in rows} == {"scm"}
    assert len(rows) == 3
    assert MachineToken.objects.count() == 0
