"""A form whose sending has one effect, however often it arrives."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from resolutions.errors import InvalidCase
from resolutions.problem import Give


class RequestForm(forms.Form):
    """A form that carries its request's own id."""

    request_id = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, typed: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(typed, **kwargs)
        self.initial["request_id"] = str(uuid4())

    @property
    def request_uuid(self) -> UUID:
        """The id that makes a double tap one request; a new one where it was lost."""
        try:
            return UUID(self.typed("request_id"))
        except ValueError:
            return uuid4()

    def with_new_request_id(self) -> None:
        """Let what is sent next be a request of its own: this one has got its answer."""
        self.data = {**dict(self.data.items()), "request_id": str(uuid4())}

    def typed(self, name: str) -> str:
        """The text in a field, as typed but for blanks around it."""
        return str(self.data.get(name, "")).strip()

    def show(self, refusal: InvalidCase, gives: Sequence[Give] = ()) -> list[str]:
        """Show what an act refused at the fields it is about; returns their names.

        `gives` are those that were handed to the act: it names them by their place.
        """
        names = [self.field_named(key, gives) for key in refusal.errors]
        for name, messages in zip(names, refusal.errors.values(), strict=True):
            shown = [str(error) for error in self.errors.get(name or NON_FIELD_ERRORS) or ()]
            new = [message for message in messages if message not in shown]
            self.add_error(name or None, ValidationError(new))
        return names

    def field_named(self, key: str, gives: Sequence[Give]) -> str:
        """The form's field for an act's key; "" for the form as a whole."""
        return key if key in self.fields else ""
