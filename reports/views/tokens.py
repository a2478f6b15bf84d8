"""Tokens for machines: those there are, a new one, and revoking."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from employees.doors import page_for
from employees.models import Division, Employee, Role
from employees.templatetags.plain import on_day
from reports.errors import InvalidToken, MadeAlready, RevokedAlready
from reports.forms import TokenForm
from reports.models import ExportName, MachineToken
from reports.querysets import MachineTokenQuerySet
from reports.tokens import make_token, may_give_all_divisions, revoke_token, why_not

if TYPE_CHECKING:
    from employees.doors import EmployeeRequest

A_PAGE = 25
A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Shown:
    """A token as the page tells of it."""

    token: MachineToken
    exports: str
    divisions: str
    last_day: datetime
    ended: str  # when and why it opens nothing any more; "" while it works


@page_for(Role.FINANCE, Role.ADMINISTRATOR)
def machine_tokens(request: "EmployeeRequest") -> HttpResponse:
    """The tokens that one sees, and a form for a new one. Sent, the page shows the new token."""
    maker = request.user
    divisions = list(Division.objects.visible_to(maker))
    form = TokenForm(request.POST or None, maker=maker, divisions=divisions)
    if request.method == "POST" and form.is_valid():
        try:
            token, secret = make_token(**form.asked, acting_employee=maker, at=timezone.now())
        except InvalidToken as refusal:
            form.show(refusal)
        except MadeAlready as refusal:
            # Reloaded, or sent twice: no second one, unless the button is pressed once more.
            form.with_new_request_id()
            return _list(request, form, refusal=str(refusal), status=HTTPStatus.CONFLICT)
        else:
            return _made(request, token, secret)
    return _list(request, form, status=HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK)


@page_for(Role.FINANCE, Role.ADMINISTRATOR)
def revoke(request: "EmployeeRequest", pk: int) -> HttpResponse:
    """Ask once more; sent, the token opens nothing from then on. Raises Http404."""
    token, now = get_object_or_404(_with_all(request.user), pk=pk), timezone.now()
    if request.method != "POST":
        return render(request, "reports/revoke_token.html", {"shown": _shown(token, now)})
    try:
        revoke_token(token, acting_employee=request.user, at=now)
    except RevokedAlready as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, f"“{token.name}” is revoked. It opens nothing from now on.")
    return redirect("machine-tokens")


def _list(
    request: "EmployeeRequest", form: TokenForm, *, status: HTTPStatus, refusal: str = ""
) -> HttpResponse:
    now = timezone.now()
    tokens = _with_all(request.user).working_first(now)
    page = Paginator(tokens, A_PAGE).get_page(request.GET.get("page"))
    shown = [_shown(token, now) for token in page]
    context = {
        "form": form,
        "refusal": refusal,
        "now": now,
        "page": page,
        "working": [each for each in shown if not each.ended],
        "ended": [each for each in shown if each.ended],
    }
    return render(request, "reports/tokens.html", context, status=status)


def _made(request: "EmployeeRequest", token: MachineToken, secret: str) -> HttpResponse:
    """The only page that ever shows a token. It is kept nowhere: not here, not by a browser."""
    where = request.build_absolute_uri(f"/api/v1/exports/{token.exports[0]}/?format=csv")
    context = {"shown": _shown(token, timezone.now()), "secret": secret, "where": where}
    page = render(request, "reports/token_made.html", context)
    page.headers["Cache-Control"] = "no-store"
    return page


def _with_all(reader: Employee) -> MachineTokenQuerySet:
    rows = MachineToken.objects.visible_to(reader).with_last_use()
    return rows.select_related("made_by__division", "revoked_by").prefetch_related("divisions")


def _shown(token: MachineToken, now: datetime) -> Shown:
    divisions = _divisions(token)
    return Shown(
        token=token,
        exports=", ".join(name.label for name in ExportName if name in token.exports),
        divisions=divisions,
        last_day=token.expires_at - A_MOMENT,
        ended=_ended(token, now) or ("" if divisions else _SEES_NONE.format(token.made_by.called)),
    )


_SEES_NONE = "Opens nothing: {} sees none of its divisions any more"


def _divisions(token: MachineToken) -> str:
    """Those that it opens now: not what whoever made it has lost sight of."""
    maker = token.made_by
    if may_give_all_divisions(maker):
        own = ", ".join(division.name for division in token.divisions.all())
        return "all divisions" if token.all_divisions else own
    if token.all_divisions:
        return str(maker.division)
    return ", ".join(d.name for d in token.divisions.all() if d.pk == maker.division_id)


def _ended(token: MachineToken, now: datetime) -> str:
    if token.revoked_at and token.revoked_by:
        return f"Revoked by {token.revoked_by.called} {on_day(token.revoked_at)}"
    if token.expires_at <= now:
        return f"Expired {on_day(token.expires_at - A_MOMENT)}"
    if why_not(token, at=now):
        return f"Stopped: {token.made_by.called} may not give it any more"
    return ""
