"""Reading and sending the agents' pages in tests, as a browser without scripts does."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from django.test import Client

from employees.models import Employee
from tests.cast import Cast

HTMX = {"HX-Request": "true"}
_SILENT = {"script", "style", "title", "head"}
_EMPTY = {"br", "img", "input", "link", "meta", "hr"}


def client_of(employee: Employee, **environment: Any) -> Client:
    """A browser in which the employee is signed in."""
    client = Client(**environment)
    client.force_login(employee, backend="employees.roles.RoleBackend")
    return client


def words(response: Any) -> str:
    """What a page says, in one line: its text without tags, and without idle blanks."""
    reader = _Reader()
    reader.feed(response.content.decode())
    return re.sub(r"\s+", " ", " ".join(reader.said)).strip()


def value_of(response: Any, name: str) -> str:
    """What stands in a field of the page; "" for a field that is empty or not there."""
    reader = _Reader()
    reader.feed(response.content.decode())
    return reader.fields.get(name, "")


def ticks(*remedies: str, **measures: str) -> dict[str, str]:
    """The fields that a choice of remedies fills in: `ticks("free-pizza", money_off="5")`."""
    told = {f"give-{code}": "on" for code in remedies}
    for name, measure in measures.items():
        code = name.replace("_", "-")
        told |= {f"give-{code}": "on", f"amount-{code}": measure, f"quantity-{code}": measure}
    return told


def send_case(client: Client, act: str = "give", **told: str) -> Any:
    """Send the case form as it comes, with these fields filled in."""
    form = client.get("/cases/new/")
    fields = {"request_id": value_of(form, "request_id"), "act": act}
    return client.post("/cases/new/", fields | _fields(told))


def see_options(client: Client, **told: str) -> Any:
    """Ask what can be given by the button: the whole page comes back."""
    return client.post("/cases/new/options/", _fields(told))


def ask_again(client: Client, **told: str) -> Any:
    """Ask what can be given as the page does by itself: a part of it comes back."""
    return client.post("/cases/new/options/", _fields(told), headers=HTMX)


def without_tier(company: Cast) -> Employee:
    """Someone of the company who has no authority yet."""
    return Employee.objects.create_user(
        f"{company.division.code}.new",
        role="agent",
        division=company.division,
        team=company.agent.team,
    )


def _fields(told: Mapping[str, str]) -> dict[str, str]:
    """Facts are written `fact__minutes_late`: a hyphen is no letter of a keyword."""
    named = {name.replace("__", "-"): value for name, value in told.items()}
    return {"channel": "doorstep"} | named


class _Reader(HTMLParser):
    """Collects what a page says, and what stands in its fields."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.fields: dict[str, str] = {}
        self._open: list[str] = []
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        name = told.get("name") or ""
        if tag == "input" and (told.get("type") not in ("radio", "checkbox") or "checked" in told):
            self.fields[name] = told.get("value") or ""
        if tag == "textarea":
            self._area = name
            self.fields[name] = ""
        if tag not in _EMPTY:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self._area = "" if tag == "textarea" else self._area
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data.removeprefix("\n")
        elif not _SILENT & set(self._open):
            self.said.append(data)
