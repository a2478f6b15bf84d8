"""A person at the admin: opens a page, changes fields, sends the form back."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from employees.models import Employee


def address(model: type[Model], page: str, *args: Any) -> str:
    """Where a page of a model is: changelist, add, change, history, delete, import, export."""
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=args)


@dataclass
class Desk:
    """Someone signed in at the admin."""

    employee: Employee

    def __post_init__(self) -> None:
        self.client = Client()
        self.client.force_login(self.employee, backend="employees.roles.RoleBackend")

    def page(self, row: Any, page: str = "change") -> Any:
        """Open a row's page."""
        return self.client.get(address(type(row), page, row.pk))

    def list(self, model: type[Model], **asked: Any) -> list[Any]:
        """The rows of a list, in its order."""
        answer = self.client.get(address(model, "changelist"), asked)
        assert answer.status_code == 200
        return list(answer.context["cl"].result_list)

    def change(self, row: Any, **fields: Any) -> Any:
        """Open a row's page, change some fields and send it back."""
        where = address(type(row), "change", row.pk)
        return self.send(where, self.client.get(where), **fields)

    def add(self, model: type[Model], **fields: Any) -> Any:
        """Open the page for a new row, fill it in and send it."""
        where = address(model, "add")
        return self.send(where, self.client.get(where), **fields)

    def send(self, where: str, opened: Any, **fields: Any) -> Any:
        """Send a form as it was opened, with some fields changed; None leaves one out."""
        with timezone.override(self.employee.zone):  # as the page was written
            untouched = form_data(opened)
        data = {**untouched, **{name: _text(value) for name, value in fields.items()}}
        return self.client.post(where, {k: v for k, v in data.items() if v is not None})

    def act(self, action: str, *rows: Any) -> Any:
        """Choose rows in their list, and an action."""
        data = {"action": action, "_selected_action": [row.pk for row in rows]}
        return self.client.post(address(type(rows[0]), "changelist"), data, follow=True)

    def bring_in(self, model: type[Model], text: str, reason: str = "") -> Any:
        """Send a CSV file to be looked at."""
        return self.look_at(model, text.encode(), change_reason=reason)

    def look_at(self, model: type[Model], data: bytes, **asked: str) -> Any:
        """Send a file of any kind to be looked at, with what else the form asks for."""
        file = SimpleUploadedFile("file.csv", data)
        form = {"import_file": file, "format": "0", "resource": "0", **asked}
        return self.client.post(address(model, "import"), form)

    def confirm(self, model: type[Model], looked_at: Any) -> Any:
        """Confirm what was looked at."""
        data = looked_at.context["confirm_form"].initial
        return self.client.post(address(model, "process_import"), data, follow=True)

    def take_out(self, model: type[Model], **asked: Any) -> str:
        """Export the list as CSV."""
        answer = self.client.get(address(model, "export"), asked)
        assert answer.status_code == 200
        return str(answer.content.decode())


def form_data(opened: Any) -> dict[str, Any]:
    """What a browser would send back of a page that nobody touched."""
    data = _fields(opened.context["adminform"].form)
    for inline in opened.context.get("inline_admin_formsets", ()):
        data |= _fields(inline.formset.management_form)
        for form in inline.formset.forms:
            data |= _fields(form)
    return data


def errors(answer: Any) -> dict[str, list[str]]:
    """The form's errors by field."""
    assert answer.status_code == 200
    form = answer.context["adminform"].form
    return {name: list(map(str, found)) for name, found in form.errors.items()}


def problems(answer: Any) -> list[tuple[int | None, str, str]]:
    """What is wrong with a file: line, column, words."""
    return [(p.line, p.column, p.words) for p in answer.context["problems"]]


def said(answer: Any) -> list[str]:
    """The messages at the top of the page."""
    return [str(message) for message in answer.context["messages"]]


def _fields(form: Any) -> dict[str, Any]:
    values = {form.add_prefix(name): _text(form[name].value()) for name in form.fields}
    return {
        name: value for name, value in values.items() if value is not None and value is not False
    }


def _text(value: Any) -> Any:
    match value:
        case True:
            return "on"
        case Decimal():
            return str(value)
        case list() | tuple():
            return [_text(item) for item in value]
        case Model():
            return str(value.pk)
    return value
