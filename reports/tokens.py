"""Tokens for machines: who makes them, what they open, and until when.

What must stay true (the database holds each of these too, see `guards.py`): a token opens no more
than its maker may give when it is made, for 366 days at most; its scope never changes, and it is
revoked once. And no more than its maker may give *now*: that is asked at every use. Only its hash
is kept, so that whoever reads the database, or a copy of it, can pull nothing with it.
"""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from hashlib import sha512
from uuid import UUID

from django.db import IntegrityError, transaction

from employees.models import Division, Employee, Role
from reports.errors import (
    InvalidToken,
    MadeAlready,
    NotTheirsToGive,
    RevokedAlready,
    TokenOpensNothing,
)
from reports.models import ExportName, MachineToken
from reports.querysets import GIVERS

PREFIX = "leeway_"  # so that programs which look for leaked secrets know it
LONGEST = timedelta(days=366)
_RANDOM_BYTES = 20  # 160 bits, as 40 letters and digits
_SHOWN = len(PREFIX) + 5  # enough to tell one from another, too little to guess the rest


def make_token(
    *,
    name: str,
    exports: Collection[str],
    divisions: Sequence[Division] | None,
    own_words: bool,
    expires_at: datetime,
    acting_employee: Employee,
    request_id: UUID,
    at: datetime,
) -> tuple[MachineToken, str]:
    """Make a token, and return it with its secret, which is known to nobody afterwards.

    It opens these exports of these divisions, or of all with None. Raises NotTheirsToGive,
    InvalidToken (by field), and MadeAlready where the request made one before.
    """
    if not may_give(acting_employee):
        raise NotTheirsToGive
    _refuse_made_already(acting_employee, request_id)
    name = " ".join(name.split())
    _check(name, exports, divisions, own_words, expires_at, maker=acting_employee, at=at)
    secret = PREFIX + secrets.token_hex(_RANDOM_BYTES)
    token = MachineToken(
        name=name,
        begins=secret[:_SHOWN],
        digest=_digest(secret),
        exports=[export for export in ExportName.values if export in exports],
        all_divisions=divisions is None,
        division_count=len(set(divisions or ())),
        own_words=own_words,
        made_by=acting_employee,
        made_at=at,
        request_id=request_id,
        expires_at=expires_at,
    )
    try:
        with transaction.atomic():
            token.save(force_insert=True)
            token.divisions.set(divisions or ())
    except IntegrityError:
        # A double tap: the other one was quicker by a moment.
        _refuse_made_already(acting_employee, request_id)
        raise
    return token, secret


def revoke_token(token: MachineToken, *, acting_employee: Employee, at: datetime) -> MachineToken:
    """Let a token open nothing from now on; what it pulled stays in the log.

    Raises NotTheirsToGive, also for a token that they don't see, and RevokedAlready.
    """
    seen = MachineToken.objects.visible_to(acting_employee).filter(pk=token.pk)
    revoked = MachineToken.objects.filter(pk__in=seen.values("pk"), revoked_at=None)
    if not revoked.update(revoked_at=at, revoked_by=acting_employee):
        raise RevokedAlready if seen.exists() else NotTheirsToGive
    token.refresh_from_db(fields=["revoked_at", "revoked_by"])
    return token


def find_token(secret: str, *, at: datetime) -> MachineToken:
    """Return the token with this secret, with its maker. One query. Raises TokenOpensNothing."""
    # Found by its hash: what a guess is compared with can't be learned from how long it takes.
    held = MachineToken.objects.select_related("made_by__division")
    token = held.filter(digest=_digest(secret)).first()
    if token is None:
        raise TokenOpensNothing("This is not a token of ours.")
    if why := why_not(token, at=at):
        raise TokenOpensNothing(why)
    return token


def why_not(token: MachineToken, *, at: datetime) -> str:
    """Why a token opens nothing any more, in a sentence; "" while it does. No query."""
    if token.revoked_at is not None:
        return "This token was revoked."
    if token.expires_at <= at:
        return "This token has expired. Make a new one."
    if not may_give(token.made_by):
        return "Whoever made this token may not give it any more. Ask for a new one."
    return ""


def divisions_opened(token: MachineToken) -> list[Division]:
    """The divisions that it opens now: of its own, those that its maker sees. One query."""
    seen = Division.objects.visible_to(token.made_by).order_by("pk")
    return list(seen if token.all_divisions else seen.filter(machine_tokens=token))


def opens_own_words(token: MachineToken) -> bool:
    """Whether it reads what people wrote in their own words: its maker has to be one who may."""
    return token.own_words and may_give_own_words(token.made_by)


def may_give(employee: Employee) -> bool:
    """Whether they make and revoke tokens at all."""
    return employee.is_active and employee.role in GIVERS


def may_give_all_divisions(employee: Employee) -> bool:
    """Whether their tokens may open every division, also those to come."""
    return employee.role == Role.ADMINISTRATOR or employee.division_id is None


def may_give_own_words(employee: Employee) -> bool:
    """Whether their tokens may read words in which a customer may be named.

    Finance knows customers by their reference only, and so do its programs.
    """
    return employee.role == Role.ADMINISTRATOR


def _check(
    name: str,
    exports: Collection[str],
    divisions: Sequence[Division] | None,
    own_words: bool,  # noqa: FBT001
    expires_at: datetime,
    *,
    maker: Employee,
    at: datetime,
) -> None:
    """Say of every field at once what would be right. Raises InvalidToken."""
    errors = {
        "name": _name_error(name),
        "exports": _exports_error(exports),
        "divisions": _divisions_error(divisions, maker),
        "own_words": "" if may_give_own_words(maker) or not own_words else _OWN_WORDS,
        "expires_at": _expiry_error(expires_at, at),
    }
    if found := {field: [message] for field, message in errors.items() if message}:
        raise InvalidToken(found)


_OWN_WORDS = "Only an administrator gives a token that reads people’s own words."


def _name_error(name: str) -> str:
    if not name:
        return "Write what it is for, such as Nightly load."
    if "\x00" in name:
        return "It has a character in it that can’t be kept: write it anew."
    if len(name) > MachineToken.NAME_LENGTH:
        return f"Write at most {MachineToken.NAME_LENGTH} characters: these are {len(name)}."
    return ""


def _exports_error(exports: Collection[str]) -> str:
    if not exports:
        return "Choose at least one export: a token that opens nothing is of no use."
    if unknown := sorted(set(exports) - set(ExportName.values)):
        return f"There is no export called {unknown[0]}."
    return ""


def _divisions_error(divisions: Sequence[Division] | None, maker: Employee) -> str:
    if divisions is not None and not divisions:
        return "Choose at least one division, or all of them."
    if may_give_all_divisions(maker):
        return ""
    asked = None if divisions is None else {division.pk for division in divisions}
    return "" if asked == {maker.division_id} else "Choose your own division: you see no other."


def _expiry_error(expires_at: datetime, at: datetime) -> str:
    if expires_at <= at:
        return "Choose a day that is still to come."
    if expires_at > at + LONGEST:
        return f"Choose a day within {LONGEST.days} days: a forgotten token must end by itself."
    return ""


def _refuse_made_already(maker: Employee, request_id: UUID) -> None:
    made = MachineToken.objects.filter(made_by=maker, request_id=request_id).first()
    if made is not None:
        raise MadeAlready(name=made.name, begins=made.begins)


def _digest(secret: str) -> str:
    """A plain hash is enough: with 160 random bits there is nothing to try out."""
    return sha512(secret.encode()).hexdigest()
