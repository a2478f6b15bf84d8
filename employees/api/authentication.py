"""Who a request to the API is from: a name and password once, and the token after that."""

from typing import Any, cast

from django.http import HttpRequest
from django.utils import timezone
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.models import AuthToken
from rest_framework.authentication import BasicAuthentication
from rest_framework.exceptions import APIException, AuthenticationFailed
from rest_framework.request import Request

from employees.models import Employee

LONGEST_TOKEN = 200
LONGEST_USERNAME = 150


def employee_of(request: Request) -> Employee:
    """Return whose token it is. Asked where a permission has made sure that there is one."""
    return cast("Employee", request.user)


class LockedOut(APIException):
    """Too many wrong passwords: nothing is tried for a while, not even the right one."""

    status_code = 429
    default_code = "locked_out"
    default_detail = "There were too many wrong passwords. Try again in a quarter of an hour."


class BearerToken(TokenAuthentication):  # type: ignore[misc]
    """`Authorization: Bearer …`: one query reads the token, who it belongs to and their authority.

    Nothing is written: a token ends when it was said to end.
    """

    def authenticate_credentials(self, token: bytes) -> tuple[Employee, AuthToken]:
        """Return whose token it is. Raises AuthenticationFailed."""
        held = self._find(token)
        if held is None:
            raise AuthenticationFailed(
                "This is not a token of someone who works here, or it was given back. A machine’s "
                "token opens exports, and nothing else."
            )
        if held.expiry is not None and held.expiry <= timezone.now():
            raise AuthenticationFailed("This token has expired. Ask for a new one.")
        employee: Employee = held.user
        if not employee.is_active:
            raise AuthenticationFailed("This account is closed.")
        return employee, held

    def _find(self, token: bytes) -> AuthToken | None:
        if len(token) > LONGEST_TOKEN or not token.isalnum():
            return None
        held = AuthToken.objects.select_related("user__division", "user__team", "user__tier")
        # Found by its hash: what a guess is compared with can't be learned from how long it takes.
        try:
            return held.get(digest=hash_token(token.decode("ascii")))
        except AuthToken.DoesNotExist:
            return None


class NameAndPassword(BasicAuthentication):
    """`Authorization: Basic …`, only to get a token. Wrong passwords are counted, as at sign-in."""

    www_authenticate_realm = "Leeway"

    def authenticate_credentials(
        self, userid: str, password: str, request: Request | None = None
    ) -> tuple[Any, None]:
        """Return who it is. Raises AuthenticationFailed, or LockedOut."""
        wrong = AuthenticationFailed("The user name or the password is not right.")
        if "\x00" in userid or len(userid) > LONGEST_USERNAME or request is None:
            raise wrong
        attempt = without_body(request)
        try:
            return super().authenticate_credentials(userid, password, attempt)  # type: ignore[arg-type]
        except AuthenticationFailed:
            raise LockedOut if getattr(attempt, "axes_locked_out", False) else wrong from None


def without_body(request: Request) -> HttpRequest:
    """Return the request as django-axes may see it.

    It looks into the body of a wrong attempt, and one that can't be read must not go uncounted.
    """
    attempt = HttpRequest()
    attempt.META, attempt.method, attempt.path = request.META, request.method, request.path
    return attempt
