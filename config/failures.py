"""What is answered when Django itself has to: a problem under /api/, a page anywhere else."""

from django.http import HttpRequest, HttpResponse
from django.views import defaults

from config.api.problems import problem


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that Django found suspicious."""
    return problem("malformed") if _is_api(request) else defaults.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer who may not."""
    if _is_api(request):
        return problem("forbidden")
    return defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer for an address where there is nothing."""
    if _is_api(request):
        return problem("not-found")
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for an error of ours; it is in the log, and nothing of it in the answer."""
    return problem("server-error") if _is_api(request) else defaults.server_error(request)
