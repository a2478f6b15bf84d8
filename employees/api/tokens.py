"""`POST tokens/` gives a token for a name and password; `DELETE tokens/` gives it back."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema, inline_serializer
from knox.models import AuthToken
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from employees.api.authentication import BearerToken, NameAndPassword, without_body

TOKEN = inline_serializer(
    "Token",
    {
        "token": serializers.CharField(help_text="Shown this once; only its hash is kept."),
        "expiry": serializers.DateTimeField(),
    },
)


class Tokens(APIView):
    """Tokens, which stand for an employee in every other request."""

    throttle_scope = "tokens"

    def get_authenticators(self) -> list[BaseAuthentication]:
        """A name and password gets a token; the token itself gives it back."""
        method = self.request.method if self.request else None
        return [BearerToken() if method == "DELETE" else NameAndPassword()]

    def perform_authentication(self, request: Request) -> None:
        """Count the request before a password is looked at: that is what is being protected."""
        super().check_throttles(request)
        super().perform_authentication(request)

    def check_throttles(self, request: Request) -> None:
        """Done already."""

    @extend_schema(
        operation_id="get_a_token",
        tags=["tokens"],
        request=None,
        responses={201: TOKEN},
        examples=[
            OpenApiExample(
                "A token",
                value={"token": "2f0c…", "expiry": "2026-12-22T09:00:00+00:00"},
                response_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """Get a token with your name and password.

        Send it with every other request: `Authorization: Bearer …`. Keep it as you would keep the
        password. Eight wrong passwords close the door for a quarter of an hour.
        """
        employee: Any = request.user
        AuthToken.objects.filter(user=employee, expiry__lte=timezone.now()).delete()
        held, token = AuthToken.objects.create(user=employee)
        user_logged_in.send(type(employee), request=without_body(request), user=employee)
        told = {"token": token, "expiry": held.expiry.isoformat()}
        return Response(told, status=201, headers={"Cache-Control": "no-store"})

    @extend_schema(
        operation_id="give_the_token_back",
        tags=["tokens"],
        responses={204: None},
    )
    def delete(self, request: Request) -> Response:
        """Give back the token that this request is sent with; it opens nothing any more."""
        request.auth.delete()
        return Response(status=204)
