"""Machines' tokens in a line each: `made(finance)`, `pulled(token)`, `secret_in(page)`."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from employees.models import Division, Employee
from reports.models import ExportRun, MachineToken
from reports.tokens import make_token

A_WEEK = timedelta(days=7)


def made(
    maker: Employee,
    *,
    divisions: Sequence[Division] | None = None,
    exports: Sequence[str] = ("ledger",),
    name: str = "Nightly load",
    own_words: bool = False,
    lasts: timedelta = A_WEEK,
    request_id: UUID | None = None,
    at: datetime | None = None,
) -> tuple[MachineToken, str]:
    """A token of the ledger for a week, and its secret; for all divisions unless told."""
    at = at or timezone.now()
    return make_token(
        name=name,
        exports=exports,
        divisions=divisions,
        own_words=own_words,
        expires_at=at + lasts,
        acting_employee=maker,
        request_id=request_id or uuid4(),
        at=at,
    )


def pulled(who: Employee | MachineToken, **columns: Any) -> ExportRun:
    """A whole export of the ledger in the log, of two rows unless told."""
    by = {"token": who} if isinstance(who, MachineToken) else {"employee": who}
    at = columns.pop("at", timezone.now())
    usual = {"export": "ledger", "format": "csv", "outcome": "whole", "rows": 2}
    return ExportRun.objects.create(**{**usual, **by, "started_at": at, "ended_at": at, **columns})


def secret_in(page: Any) -> str:
    """The token that the page shows; "" for none."""
    found = re.search(r"leeway_[0-9a-f]{40}", unescape(page.content.decode()))
    return found[0] if found else ""
