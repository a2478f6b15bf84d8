"""`GET /health/`: whether all that answers, adds up, is right and goes out that should.

Without the database nothing works: 503, so that a load balancer takes this process out. Without
the broker agents notice nothing, as mail and jobs wait in the database: that is told (`degraded`),
but the status stays 200; so it does when the last check of the ledger found something wrong, of
which nothing else is told here, or when the nightly checks have stopped; and when the last proof of
what reports read did, or they are not proven, or nothing is added up for them, any more; and
when mails have been owed for long. An alarm that should ring for any asks for `/health/?strict=1`.
"""

import asyncio
import dataclasses
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from celery import current_app
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from health_check.base import HealthCheck, HealthCheckResult
from health_check.checks import Database
from health_check.exceptions import HealthCheckException, ServiceUnavailable
from health_check.views import HealthCheckView
from kombu.exceptions import KombuError

from budgets.models import LedgerCheck
from reports.models import ReportDelivery, RollupState
from resolutions.models import FollowUp

# A check runs every night: one may be missed, such as while the program is moved.
_CHECK_IS_OVERDUE_AFTER = timedelta(days=2)
_MAIL_IS_LATE_AFTER = timedelta(days=1)


@dataclasses.dataclass
class Broker(HealthCheck):  # type: ignore[misc]
    """Whether a message could be left with the broker now."""

    timeout = timedelta(seconds=3)

    def run(self) -> None:
        """Open a channel, as publishing would. Raises ServiceUnavailable."""
        try:
            with current_app.connection_for_write() as broker:
                broker.default_channel.queue_declare(current_app.conf.task_default_queue)
        except (KombuError, OSError) as error:
            raise ServiceUnavailable("the broker does not answer") from error


class NotWell(HealthCheckException):  # type: ignore[misc]
    """Something is wrong, or has stopped; its message is what is told of it."""


@dataclasses.dataclass
class Ledger(HealthCheck):  # type: ignore[misc]
    """Whether the ledger added up when it was last checked, and that was lately.

    A new installation, of which no check has ended yet, is well.
    """

    def run(self) -> None:
        """Read how the last check ended: one row. Raises NotWell."""
        with connection.temporary_connection():
            ended = LedgerCheck.objects.filter(finished_at__isnull=False)
            last = ended.defer("found").first()
        if last is None:
            return
        if last.problems:
            raise NotWell("does not add up")
        if last.started_at < timezone.now() - _CHECK_IS_OVERDUE_AFTER:
            raise NotWell("not checked lately")


@dataclasses.dataclass
class Reports(HealthCheck):  # type: ignore[misc]
    """Whether what reports read was right when it was last proven, and is kept up.

    In a new installation, where nothing was added up or proven yet, it is.
    """

    def run(self) -> None:
        """Read how far it is: one row. Raises NotWell."""
        with connection.temporary_connection():
            state = RollupState.objects.first()
        if state is None or state.followed_at is None:
            return
        if state.differences:
            raise NotWell("differed")
        overdue = timezone.now() - _CHECK_IS_OVERDUE_AFTER
        if state.followed_at < overdue:
            raise NotWell("behind")
        if state.proven_at is not None and state.proven_at < overdue:
            raise NotWell("not proven lately")


@dataclasses.dataclass
class Mail(HealthCheck):  # type: ignore[misc]
    """Whether the mails that are owed to customers, managers and finance go out."""

    def run(self) -> None:
        """Look whether any has waited for a day: two queries, or three if so. Raises NotWell."""
        since = timezone.now() - _MAIL_IS_LATE_AFTER
        with connection.temporary_connection():
            reports = ReportDelivery.objects.owed().filter(owed_at__lt=since)
            if reports.exists() or FollowUp.objects.held_up(since=since):
                raise NotWell("held up")


class Health(HealthCheckView):  # type: ignore[misc]
    """Answers in JSON, or with a page to a browser."""

    checks = (Database, Broker, Ledger, Reports, Mail)

    async def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Ask all at once and tell what they said."""
        results = await asyncio.gather(*(check.get_result() for check in self.get_checks()))
        services = {type(result.check).__name__.lower(): _in_words(result) for result in results}
        told = {"status": _sum_up(services), "services": services}
        fails = told["status"] == "down" or ("strict" in request.GET and told["status"] != "ok")
        status = HTTPStatus.SERVICE_UNAVAILABLE if fails else HTTPStatus.OK
        if request.get_preferred_type(["application/json", "text/html"]) == "text/html":
            return render(request, "health.html", {"told": told}, status=status)
        return JsonResponse(told, status=status)


def _in_words(result: HealthCheckResult) -> str:
    if result.error is None:
        return "ok"
    if isinstance(result.error, NotWell):
        return str(result.error.message)
    return "down" if isinstance(result.check, (Database, Broker)) else "unknown"


def _sum_up(services: dict[str, str]) -> str:
    if services["database"] == "down":
        return "down"
    return "ok" if set(services.values()) == {"ok"} else "degraded"
