"""How many requests someone may make in a while, counted in the shared cache.

REST framework's own throttles keep the times of all requests as a list that two processes
overwrite for each other; here each request is one atomic count.
"""

from time import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from config.clients import client_address
from reports.reader import Reader

if TYPE_CHECKING:
    from rest_framework.views import APIView  # it imports this module, by the settings

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class RequestRate(BaseThrottle):
    """A number of requests in a window of time, by the view's `throttle_scope`.

    Counted per employee, whatever tokens they have, and per machine's token; requests for a token,
    and those of nobody, per address. The windows stand still, so that around the end of one
    someone can make twice as many.
    """

    def __init__(self) -> None:
        self._wait: float | None = None

    def allow_request(self, request: Request, view: "APIView") -> bool:
        """Count this request; False when there were too many."""
        scope = getattr(view, "throttle_scope", None) or "requests"
        rate = settings.API_RATES[scope]
        if not rate:
            return True
        most, seconds = _parse(rate)
        now = time()
        self._wait = seconds - now % seconds
        key = f"rate:{scope}:{_who(request, scope)}:{int(now // seconds)}"
        return _count(key, seconds) <= most

    def wait(self) -> float | None:
        """Return the seconds until the next window begins."""
        return self._wait


def _parse(rate: str) -> tuple[int, int]:
    """Read a rate such as 600/minute."""
    most, _, period = rate.partition("/")
    return int(most), _SECONDS[period[:1]]


def _who(request: Request, scope: str) -> str:
    # For a token nobody is known yet: asking would look at the password.
    if scope != "tokens" and request.user and request.user.is_authenticated:
        user: Any = request.user
        return user.key if isinstance(user, Reader) else f"employee:{user.pk}"
    return f"address:{client_address(request)}"


def _count(key: str, seconds: int) -> int:
    """Count one more; 1 where the cache is away, so that it stops nobody."""
    try:
        return cache.incr(key)
    except ValueError:
        return 1 if cache.add(key, 1, timeout=seconds) else _again(key)


def _again(key: str) -> int:
    try:
        return cache.incr(key)
    except ValueError:
        return 1
