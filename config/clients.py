"""Which address a request came from, as far as the proxies in front can be believed."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the client's address: the last one that our own proxies added, or the peer's.

    X-Forwarded-For is a list that each proxy adds to at its right end; what stands left of our
    own proxies was written by the client and proves nothing.
    """
    peer: str = request.META.get("REMOTE_ADDR", "")
    if not settings.PROXY_COUNT:
        return peer
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    return told[-min(settings.PROXY_COUNT, len(told))] or peer
