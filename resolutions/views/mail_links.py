"""The door of the pages that links in customers' mails open: the link is the key, nobody signs in.

What must stay true: a link that is wrong, cut or old gets a kind page that tells nothing; no page
is kept, indexed or named to another site; what is sent is small. The signed link also keeps other
sites' forms out: who has no link can't post, so there is no cookie and no other token.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from resolutions.errors import LinkBroken, LinkTooOld
from resolutions.survey_links import follow_up_of, refuse_old_link

LARGEST = 64 * 1024  # bytes: the longest comment, in any script, fits
_PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}

Opened = Callable[..., HttpResponse]


def mail_page(*, however_old: bool = False) -> Callable[[Opened], Opened]:
    """A page of the mail that a link's token is of: the view is given the mail."""

    def behind(view: Opened) -> Opened:
        @csrf_exempt
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def opened(request: HttpRequest, token: str, **parts: str) -> HttpResponse:
            response = _open(view, request, token, parts, however_old=however_old)
            for name, value in _PRIVATE.items():
                response[name] = value
            return response

        return opened

    return behind


def _open(
    view: Opened, request: HttpRequest, token: str, parts: dict[str, str], *, however_old: bool
) -> HttpResponse:
    if _is_too_large(request):
        return _turned_away(request, "too-large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        follow_up = follow_up_of(token)
        if not however_old:
            refuse_old_link(follow_up, at=timezone.now())
        return view(request, follow_up, **parts)
    except LinkBroken:
        return _turned_away(request, "broken", HTTPStatus.NOT_FOUND)
    except LinkTooOld:
        return _turned_away(request, "too-old", HTTPStatus.GONE)


def _turned_away(request: HttpRequest, why: str, status: HTTPStatus) -> HttpResponse:
    return render(request, "resolutions/no_link.html", {"why": why}, status=status)


def _is_too_large(request: HttpRequest) -> bool:
    told = request.headers.get("Content-Length") or "0"
    return not told.isdecimal() or int(told[:12]) > LARGEST
