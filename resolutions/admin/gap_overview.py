"""The division's gaps in groups: how often, how much, and the way to what stopped them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode

from budgets.admin.chosen import is_manager
from employees.admin.base import actor
from policies.decision import BoundKind
from policies.models import Policy
from resolutions.admin.gap_filters import IN_WORDS, REFUSED, Period, period_of, periods_of
from resolutions.admin.trial_ways import way_to_try
from resolutions.gap_groups import NOBODY, By, Group, groups_of, totals_of
from resolutions.models import AuthorityGap

if TYPE_CHECKING:
    from employees.models import Division

OVERVIEW = "admin:resolutions_authoritygap_groups"
ANSWER = "admin:resolutions_authoritygap_answer"
_SAID_SHOWN = 12
_WHERE = {
    "policy": "The rule",
    "authoritytier": "The tier",
    "remedy": "The remedy",
    "team": "The team",
    "reasoncode": "What is asked then",
}
_STOPPED = {
    BoundKind.TIER: "{}: the limit for one case",
    BoundKind.BUDGET: "{}: what was left of the month",
    BoundKind.REMEDY: "{}: the most that one case can have",
}
_NOTHING = {By.TIER: "Without a tier", By.TEAM: "Without a team", By.REASON: "Without a reason"}
_FILTERS = {
    By.REMEDY: "remedy__id__exact",
    By.TIER: "tier__id__exact",
    By.TEAM: "team__id__exact",
    By.REASON: "reason_code__id__exact",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A group as it is shown: its title, and where one can go from it."""

    group: Group
    title: str
    note: str
    about: tuple[str, str] | None  # what it is called, and its page
    gaps: str  # the list of them
    answer: str
    trying: str  # a change of the rule or the tier on past cases; "" where there is none


def overview(admin: Any, request: HttpRequest) -> HttpResponse:
    """The gaps of a period in groups; what was said in words stands apart."""
    if not is_manager(request):
        raise PermissionDenied
    me, period, by = actor(request), period_of(request), _by(request)
    currency = cast("Division", me.division).currency
    gaps = AuthorityGap.objects.visible_to(me).filter(period.gaps)
    groups = groups_of(gaps, by, reader=me, currency=currency)
    said = gaps.in_words()
    context = {
        **admin.admin_site.each_context(request),
        "title": "What could not be done",
        "opts": admin.opts,
        "me": me,
        "currency": currency,
        "period": period,
        "by": by,
        "totals": totals_of(gaps),
        "rows": [row_of(group, by, period) for group in groups],
        "said": said.select_related("employee", "reason_code", "case__division", "answer")[
            :_SAID_SHOWN
        ],
        "all_said": _list(period, {"bound": IN_WORDS}),
        "periods": [(p.label, _here(by, p), p.key == period.key) for p in periods_of(request)],
        "groupings": [(each.label, _here(each, period), each == by) for each in By],
        "one_by_one": _list(period, {}),
    }
    return TemplateResponse(request, "admin/resolutions/gap_groups.html", context)


def row_of(group: Group, by: By, period: Period) -> Row:
    """The group with its title and its ways."""
    about = group.about
    return Row(
        group=group,
        title=title_of(group, by),
        note="Withdrawn since" if isinstance(about, Policy) and about.withdrawn else "",
        about=(_WHERE[about._meta.model_name or ""], _page(about)) if about else None,
        gaps=_list(period, _narrowing(group, by)),
        answer=f"{reverse(ANSWER)}?{urlencode({'by': by, 'of': group.key, 'period': period.key})}",
        # The money of a month is tried nowhere: a trial says what a change would take of it.
        trying="" if group.bound == BoundKind.BUDGET else way_to_try(about, period=period.key),
    )


def title_of(group: Group, by: By) -> str:
    """What the gaps of a group have in common."""
    name = str(group.about) if group.about else _NOTHING.get(by, "No longer there")
    return _STOPPED[BoundKind(group.bound)].format(name) if group.bound in _STOPPED else name


def _by(request: HttpRequest) -> By:
    asked = request.GET.get("by")
    return By(asked) if asked in By.values else By.RULE


def _here(by: By, period: Period) -> str:
    return f"{reverse(OVERVIEW)}?{urlencode({'by': by, 'period': period.key})}"


def _list(period: Period, narrowing: Mapping[str, str]) -> str:
    where = reverse("admin:resolutions_authoritygap_changelist")
    return f"{where}?{urlencode({'period': period.key, **narrowing})}"


def _narrowing(group: Group, by: By) -> dict[str, str]:
    """How the list of gaps is narrowed to those of the group."""
    kind, _, which = group.key.partition("-")
    if by != By.RULE:
        field = _FILTERS[by]
        empty = {field.replace("__id__exact", "__isnull"): "True"}
        return {"bound": REFUSED, **(empty if group.key == NOBODY else {field: group.key})}
    if kind == "rule":
        return {"rule": which}
    field = _FILTERS[By.REMEDY if kind == BoundKind.REMEDY else By.TIER]
    return {"bound": kind, field: which}


def _page(about: Any) -> str:
    meta = about._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[about.pk])
