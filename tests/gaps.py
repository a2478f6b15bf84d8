"""Gaps in a line each: `refuse(forno.agent, so_much("money-off", "40.00"))`."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from employees.models import Employee
from resolutions.answer_gaps import answer_gaps
from resolutions.errors import OutsideAuthority
from resolutions.models import AuthorityGap, GapAnswer
from resolutions.problem import Give
from tests.cast import Cast
from tests.putting_right import NOW, put_right


def refuse(employee: Employee, give: Give, *, at: datetime = NOW, **told: Any) -> AuthorityGap:
    """Ask for what the rules refuse; returns the gap."""
    request_id = uuid4()
    with pytest.raises(OutsideAuthority):
        put_right(employee, give, at=at, request_id=request_id, **told)
    return AuthorityGap.objects.get(request_id=request_id)


def answered(company: Cast, *gaps: AuthorityGap, kind: str = "changed", **how: Any) -> GapAnswer:
    """Have the company's manager answer these gaps."""
    chosen = AuthorityGap.objects.filter(pk__in=[gap.pk for gap in gaps])
    told: dict[str, Any] = {"words": "It is forty now.", "answered_by": company.manager, "at": NOW}
    answer_gaps(chosen, kind=kind, **told | how)
    return GapAnswer.objects.latest("pk")
