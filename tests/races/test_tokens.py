"""The same form for a token, sent twice at the same moment: one token, and one answer with it."""

import time
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from employees.models import Employee
from reports import tokens
from reports.errors import MadeAlready, RevokedAlready
from reports.models import MachineToken
from tests.races.together import raised, succeeded, together, without_constraint
from tests.tokens import made

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

TWICE = 4
MADE_ONCE = (
    "reports_machinetoken",
    "token_made_once",
    "UNIQUE (made_by_id, request_id)",
)


def look_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looks whether it was made lingers after it: all others look meanwhile, too."""
    look = tokens._refuse_made_already

    def lingering(*told: Any) -> None:
        look(*told)
        time.sleep(0.3)

    monkeypatch.setattr(tokens, "_refuse_made_already", lingering)


def sent_together(maker: Employee) -> list[Any]:
    request = uuid4()
    return together([lambda: made(maker, request_id=request)] * TWICE)


def test_one_token_is_made(
    head_office: dict[str, Employee], monkeypatch: pytest.MonkeyPatch
) -> None:
    look_for_long(monkeypatch)
    outcomes = sent_together(head_office["finance"])
    assert len(succeeded(outcomes)) == MachineToken.objects.count() == 1
    assert {type(refusal) for refusal in raised(outcomes)} == {MadeAlready}


def test_without_its_key_there_would_be_several(
    head_office: dict[str, Employee], monkeypatch: pytest.MonkeyPatch
) -> None:
    look_for_long(monkeypatch)
    with without_constraint(*MADE_ONCE):
        assert len(succeeded(sent_together(head_office["finance"]))) > 1


def test_one_of_two_revokes_it(head_office: dict[str, Employee]) -> None:
    token, _ = made(head_office["finance"])

    def revoke(who: str) -> Any:
        row = MachineToken.objects.get(pk=token.pk)
        return tokens.revoke_token(row, acting_employee=head_office[who], at=timezone.now())

    outcomes = together([lambda: revoke("finance"), lambda: revoke("admin")])
    (by,) = succeeded(outcomes)
    assert [type(refusal) for refusal in raised(outcomes)] == [RevokedAlready]
    assert MachineToken.objects.get().revoked_by == by.revoked_by
