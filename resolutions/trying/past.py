"""Reads what was asked in a stretch of time, in the order in which it was asked.

What must stay true: nothing but a number for each row is held for the whole stretch, so that it
takes no more memory for more cases, and no query stays open while differences are written.
"""

import zoneinfo
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from heapq import merge
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet

from employees.models import Division, Team
from policies.question import Question
from policies.rules import Rulebook
from resolutions.measure import measure_of
from resolutions.models import AuthorityGap, Resolution
from resolutions.problem import facts_of, local_day
from resolutions.trying.asked import Asked, Beside, Wish
from resolutions.trying.limits import Limits, limits_of

AT_ONCE = 500  # rows a query

_UTC = zoneinfo.ZoneInfo("UTC")
_OF_CUSTOMER = ("segment", "customer_since", "lifetime_value")
_OF_BOTH = ("pk", "request_id", "at", "tier_id", "remedy_id", "quantity", "face_value", "cost")
_OF_CASE = (
    "channel", "order_reference", "order_value", "order_date", "facts", "opened_at",
    "second_failure",
)  # fmt: skip
_GIVEN = (
    *_OF_BOTH, "given_by_id", "team_id", "against_limit", "owed", "review_afterwards",
    "case_id", "case__reason_code_id", "case__customer_id",
    *(f"case__customer__{column}" for column in _OF_CUSTOMER),
    *(f"case__{column}" for column in _OF_CASE),
)  # fmt: skip
_REFUSED = (
    *_OF_BOTH, "employee_id", "team_id", "case_id", "reason_code_id", "customer_id",
    *(f"customer__{column}" for column in _OF_CUSTOMER), "told",
    *(f"case__{column}" for column in _OF_CASE),
)  # fmt: skip


@dataclass(frozen=True)
class Past:
    """What was asked in a division from one moment until before another."""

    division: Division
    rulebook: Rulebook
    since: datetime
    until: datetime

    @cached_property
    def given(self) -> QuerySet[Resolution]:
        """What was given, and stands."""
        return Resolution.objects.standing().filter(
            case__division=self.division, at__gte=self.since, at__lt=self.until
        )

    @cached_property
    def refused(self) -> QuerySet[AuthorityGap]:
        """What was refused; what was only said in words is about no remedy."""
        return AuthorityGap.objects.filter(
            division=self.division, at__gte=self.since, at__lt=self.until, remedy__isnull=False
        )

    def count(self) -> int:
        """How many rows there are to replay."""
        return self.given.count() + self.refused.count()

    def asked(self) -> Iterator[Asked]:
        """Each request, the oldest first."""
        reader = _Reader(self.division, self.rulebook)
        given = _requests(map(reader.given, _paged(self.given, _GIVEN)))
        refused = _requests(map(reader.refused, _paged(self.refused, _REFUSED)))
        yield from merge(given, refused, key=attrgetter("place"))


def _paged(rows: QuerySet[Any], columns: Sequence[str]) -> Iterator[Any]:
    """The rows in the order of time: their numbers first, then so many at once."""
    numbers = array("q", rows.order_by("at", "pk").values_list("pk", flat=True).iterator())
    for start in range(0, len(numbers), AT_ONCE):
        page = rows.model._default_manager.filter(pk__in=numbers[start : start + AT_ONCE].tolist())
        yield from page.order_by("at", "pk").values_list(*columns)


def _requests(rows: Iterable[tuple[Any, Asked]]) -> Iterator[Asked]:
    """Rows of one request as one: what was asked in one go is decided in one go."""
    for _, of_request in groupby(rows, key=lambda row: row[0]):
        each = [asked for _, asked in of_request]
        yield each[0] if len(each) == 1 else _together(each)


def _together(each: Sequence[Asked]) -> Asked:
    wishes = tuple(wish for asked in each for wish in asked.wishes)
    first = each[0]
    return Asked(
        first.question,
        wishes,
        first.employee_id,
        first.case_id,
        first.customer_id,
        first.goes_on,
        first.own_limit,
        first.beside,
    )


class _Reader:
    """Makes a request of a row: what was told, by whom, and how far their word went."""

    def __init__(self, division: Division, rulebook: Rulebook) -> None:
        self._reasons = {reason.id: reason for reason in rulebook.reasons}
        self._remedies = {remedy.id for remedy in rulebook.remedies}
        self._limits: Limits = limits_of(division)
        self._zones = {
            pk: zoneinfo.ZoneInfo(name)
            for pk, name in Team.objects.filter(division=division).values_list("pk", "time_zone")
        }

    def given(self, row: Any) -> tuple[Any, Asked]:
        """A resolution's row, by `_GIVEN`."""
        (
            pk, request, at, tier, remedy, quantity, face, cost, who, team, against, owed, review,
            case, reason,
            customer, segment, since, worth, channel, order, value, day, facts, opened, second,
        ) = row  # fmt: skip
        measure = measure_of(face, quantity)
        wish = Wish(pk, False, remedy, measure, face, cost, against, owed, review)  # noqa: FBT003
        return self._asked(
            request, wish, at=at, who=who, tier=tier, team=team, case=case, reason=reason,
            customer=customer, of_customer=(segment, since, worth), channel=channel,
            order=(order, value, day), facts=facts, known=customer is not None,
            second=second if customer is not None else None, goes_on=opened != at,
        )  # fmt: skip

    def refused(self, row: Any) -> tuple[Any, Asked]:
        """A gap's row, by `_REFUSED`; what it does not know itself, its case may."""
        (
            pk, request, at, tier, remedy, quantity, face, cost, who, team, case, reason, customer,
            segment, since, worth, told, channel, order, value, day, facts, _, second,
        ) = row  # fmt: skip
        if told:
            channel, order = told["channel"], told["order_reference"]
            value = None if told["order_value"] is None else Decimal(told["order_value"])
            day = None if told["order_date"] is None else date.fromisoformat(told["order_date"])
            facts, second = told["facts"], told["second_failure"]
        measure = measure_of(face, quantity)
        wish = Wish(pk, True, remedy, measure, face, cost, cost)  # noqa: FBT003
        return self._asked(
            request, wish, at=at, who=who, tier=tier, team=team, case=case, reason=reason,
            customer=customer, of_customer=(segment, since, worth), channel=channel or "",
            order=(order or "", value, day), facts=facts or {},
            known=told.get("customer_known", customer is not None), second=second,
            goes_on=case is not None, beside=self._beside(told),
        )  # fmt: skip

    def _beside(self, told: Any) -> Beside:
        """What was asked in one go with it; nothing is known of that for gaps of long ago."""
        return tuple(
            (each["remedy"], Decimal(each["measure"]))
            for each in told.get("beside", ())
            if each["remedy"] in self._remedies
        )

    def _asked(
        self,
        request: Any,
        wish: Wish,
        *,
        at: datetime,
        who: int,
        tier: int | None,
        team: int | None,
        case: int | None,
        reason: int | None,
        customer: int | None,
        of_customer: tuple[str | None, date | None, Decimal | None],
        channel: str,
        order: tuple[str, Decimal | None, date | None],
        facts: dict[str, Any],
        known: bool,
        second: bool | None,
        goes_on: bool,
        beside: Beside = (),
    ) -> tuple[Any, Asked]:
        of_tier, own = self._limits.of_tier(tier, at), self._limits.own(who, at)
        asks_facts = self._reasons.get(reason or 0) if facts else None
        question = Question(
            at=at,
            today=local_day(at, self._zones.get(team or 0, _UTC)),
            limit=of_tier.limit if own is None else own,
            grace_percent=of_tier.grace_percent,
            tier_id=tier,
            team_id=team,
            reason_id=reason,
            channel=channel,
            order_value=order[1],
            order_date=order[2],
            order_reference=order[0],
            facts=facts_of(asks_facts, facts) if asks_facts else {},
            customer_known=known,
            customer_segment=of_customer[0],
            customer_since=of_customer[1],
            lifetime_value=of_customer[2],
            second_failure=second,
        )
        return (at, who, request), Asked(
            question, (wish,), who, case, customer, goes_on, own is not None, beside
        )
