"""The replay once more, slow and obvious: every request with every rule and all there ever was.

It keeps two whole lists, of what was given in fact and of what is given where the change holds,
and asks the second implementation of authority, `tests/policies/oracle.py`, nothing: whether
deciding is right is tested there. Here it is what is asked, and what follows.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from policies.authority import Ask, decide
from policies.decision import Decision
from policies.question import Given
from policies.rules import Rulebook
from resolutions.trying.asked import Asked, Wish
from resolutions.trying.bearing import Change
from tests.resolutions.trying.pasts import InventedPast


@dataclass
class Row:
    """Something given, in one of the two lists."""

    asked: Asked
    wish: Wish
    against_limit: Decimal


def slowly(past: InventedPast, change: Change) -> list[tuple[Any, ...]]:
    """(kind, id, cost, month, owed) of each difference, in order."""
    in_fact: list[Row] = []
    there: list[Row] = []
    wanted: list[tuple[datetime, Asked, Wish]] = []  # refused in fact, given there
    found = []
    for asked in past.asked:
        then = _decided(past.rulebook, asked, in_fact)
        now = _decided(change.rulebook, _with_limit(asked, change), there)
        spared = [_spared(asked, wish, wanted) for wish in asked.wishes]
        for wish, before, after, not_asked in zip(asked.wishes, then, now, spared, strict=True):
            kind = _kind(wish, before, after, not_asked)
            if kind:
                found.append((kind, wish.id, *_amounts(kind, wish, before, after)))
            if not wish.refused:
                in_fact.append(Row(asked, wish, wish.against_limit))
            explained = wish.refused == (before.verdict == "outside")
            if kind == "allowed":
                wanted.append((asked.question.at, asked, wish))
                there.append(Row(asked, wish, after.against_limit))
            elif not wish.refused and kind not in ("refused", "instead"):
                same = before.against_limit == after.against_limit or not explained
                used = wish.against_limit if same else after.against_limit
                there.append(Row(asked, wish, used))
    return found


def _decided(book: Rulebook, asked: Asked, rows: list[Row]) -> tuple[Decision, ...]:
    given = tuple(_given(row, asked) for row in rows)
    wanted = [*((wish.remedy_id, wish.measure) for wish in asked.wishes), *asked.beside]
    asks = [Ask(book.remedy_by_id(remedy), measure) for remedy, measure in wanted]
    decisions = decide(book, replace(asked.question, given=given), asks)
    return decisions[: len(asked.wishes)]


def _with_limit(asked: Asked, change: Change) -> Asked:
    if change.tier_id is None or asked.own_limit or asked.question.tier_id != change.tier_id:
        return asked
    other = replace(asked.question, limit=change.limit, grace_percent=change.grace_percent)
    return replace(asked, question=other)


def _given(row: Row, asked: Asked) -> Given:
    case = row.asked.case_id is not None and row.asked.case_id == asked.case_id
    order = asked.question.order_reference
    customer = asked.customer_id
    return Given(
        row.wish.remedy_id,
        row.wish.measure,
        row.wish.face_value,
        row.wish.cost,
        row.against_limit,
        row.asked.question.at,
        this_case=case,
        this_order=bool(order) and (case or row.asked.question.order_reference == order),
        this_customer=case or (customer is not None and row.asked.customer_id == customer),
    )


def _spared(asked: Asked, wish: Wish, wanted: list[tuple[datetime, Asked, Wish]]) -> bool:
    same = [
        (at, then, more)
        for at, then, more in wanted
        if (then.employee_id, more.remedy_id, then.question.reason_id)
        == (asked.employee_id, wish.remedy_id, asked.question.reason_id)
    ]
    if not same:
        return False
    at, then, more = same[-1]
    same_case = asked.case_id is not None and asked.case_id == then.case_id
    same_customer = asked.customer_id is not None and asked.customer_id == then.customer_id
    order = asked.question.order_reference
    same_order = bool(order) and order == then.question.order_reference
    as_much = wish.measure == more.measure and wish.refused
    return (
        asked.question.at - at <= timedelta(minutes=15)
        and (
            wish.measure < more.measure or (as_much and (same_case or same_customer or same_order))
        )
        and then.customer_id in (None, asked.customer_id)
        and then.question.order_reference in ("", asked.question.order_reference)
        and then.question.order_value in (None, asked.question.order_value)
    )


def _kind(wish: Wish, before: Decision, after: Decision, spared: bool) -> str:
    then, now = before.verdict == "outside", after.verdict == "outside"
    if then != wish.refused:
        return ""
    if wish.refused:
        return "spared" if spared else "" if now else "allowed"
    if spared or now:
        return "instead" if spared else "refused"
    if before.owed != after.owed:
        return "payer"
    return "review" if before.review != after.review else ""


def _amounts(
    kind: str, wish: Wish, before: Decision, after: Decision
) -> tuple[Decimal, Decimal, Decimal]:
    def charged(decision: Decision) -> tuple[Decimal, Decimal, Decimal]:
        owed = wish.cost if decision.owed else Decimal(0)
        return wish.cost, wish.cost - owed, owed

    nothing = (Decimal(0),) * 3
    then = nothing if wish.refused else charged(before)
    now = {"refused": nothing, "instead": nothing, "spared": nothing}.get(kind, charged(after))
    cost, month, owed = (n - t for n, t in zip(now, then, strict=True))
    return cost, month, owed
