"""Who an export is for: a machine with its token, or someone with their own."""

from typing import Any

from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from employees.api.authentication import LONGEST_TOKEN, BearerToken, employee_of
from reports.errors import TokenOpensNothing
from reports.reader import Reader, reader_of_employee, reader_of_token
from reports.tokens import PREFIX, find_token


class ExportToken(BearerToken):
    """`Authorization: Bearer …`, with a machine's token too. For exports alone.

    A machine is `request.user` as a Reader, with its token as `request.auth`. Two queries for a
    machine, one for an employee; nothing is written.
    """

    def authenticate_credentials(self, token: bytes) -> tuple[Any, Any]:
        """Return who it is. Raises AuthenticationFailed."""
        if not token.startswith(PREFIX.encode()):
            return super().authenticate_credentials(token)
        if len(token) > LONGEST_TOKEN or not token.isascii():
            raise AuthenticationFailed("This is not a token of ours.")
        try:
            reader = reader_of_token(find_token(token.decode("ascii"), at=timezone.now()))
        except TokenOpensNothing as refusal:
            raise AuthenticationFailed(str(refusal)) from refusal
        return reader, reader.token


def reader_of(request: Request) -> Reader:
    """Who reads this export, and what they may. One query for an employee, none for a machine.

    Raises NoExports.
    """
    user: Any = request.user
    return user if isinstance(user, Reader) else reader_of_employee(employee_of(request))
