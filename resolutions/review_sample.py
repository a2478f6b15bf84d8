"""A few of the cases that were put right yesterday, at random, to be looked at as well.

What must stay true: each team's cases of a day are drawn from by their own numbers alone, so that
whoever draws again draws the same; and the queries do not become more with the cases.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from employees.models import Team
from resolutions.models import CaseState, Resolution, Review, ReviewReason
from resolutions.problem import local_day
from resolutions.reviews import put_on_the_list

SHARE = 0.05
_BYTES = 8
_LONGEST_AGO = timedelta(days=3)  # in no zone has yesterday begun earlier; the index finds these


def owe_sample(*, at: datetime) -> int:
    """Put a few of each team's cases of yesterday on the list, where it works. Returns how many."""
    drawn = _drawn(at)
    put_on_the_list(drawn)
    return len(drawn)


def a_few_of(cases: Collection[int]) -> list[int]:
    """A share of cases, by their numbers, and at least one where there is any."""
    by_place = sorted(cases, key=_place)
    return [case for case in by_place if _place(case) < SHARE] or by_place[:1]


def _place(case: int) -> float:
    """Where a case stands from 0 to 1: always the same, and nobody sees it in the number."""
    digest = sha256(str(case).encode()).digest()
    place: float = int.from_bytes(digest[:_BYTES]) / 256**_BYTES
    return place


def _drawn(at: datetime) -> list[Review]:
    """Those that are not drawn yet, each of whoever gave last."""
    of_case = Review.objects.filter(case=OuterRef("case"))
    drawn = Exists(of_case.filter(why=ReviewReason.SAMPLE))
    given = (
        Resolution.objects.standing()
        .filter(case__state=CaseState.PUT_RIGHT, case__ended_at__gte=at - _LONGEST_AGO)
        .filter(_ended_yesterday(at), Q(drawn) | ~Exists(of_case))
        .order_by("at", "pk")
        .values_list("case", "team", "given_by", drawn)
    )
    last = {case: (team, giver, is_drawn) for case, team, giver, is_drawn in given}
    of_team = defaultdict(list)
    for case, (team, _, _) in last.items():
        of_team[team].append(case)
    return [
        Review(case_id=case, team_id=team, employee_id=giver, why=ReviewReason.SAMPLE, at=at)
        for cases in of_team.values()
        for case in a_few_of(cases)
        for team, giver, is_drawn in [last[case]]
        if not is_drawn
    ]


def _ended_yesterday(at: datetime) -> Q:
    """Whether the case ended yesterday where the team works that gave."""
    days = {zone: _yesterday(ZoneInfo(zone), at) for zone in sorted(Team.objects.zones())}
    ended = Q(pk__in=[])
    for zone, (begin, end) in days.items():
        ended |= Q(team__time_zone=zone, case__ended_at__gte=begin, case__ended_at__lt=end)
    return ended


def _yesterday(zone: ZoneInfo, at: datetime) -> tuple[datetime, datetime]:
    """From midnight to midnight."""
    today = local_day(at, zone)
    begin, end = (datetime.combine(d, time(), zone) for d in (today - timedelta(days=1), today))
    return begin, end
