"""Pulling exports over the API in a line each: `Pulls(finance).rows("ledger", month="2026-11")`."""

import csv
import io
import json
from typing import Any, ClassVar

from employees.models import Employee
from tests.api.client import Api

Rows = list[dict[str, str]]


class Pulls:
    """Someone who pulls: an employee with their own token, or a machine with its secret."""

    _unread: ClassVar[list[Any]] = []

    def __init__(self, who: Employee | str) -> None:
        self._api = Api(token=who) if isinstance(who, str) else Api(who)

    def answer(
        self, name: str = "", *, method: str = "get", headers: Any = None, **asked: Any
    ) -> Any:
        """What the API answers, as it comes."""
        where = f"/api/v1/exports/{name}/" if name else "/api/v1/exports/"
        headers = {"Authorization": f"Bearer {self._api.token}", **(headers or {})}
        self.close_all()
        answer = getattr(self._api.client, method)(where, asked, headers=headers)
        self._unread.append(answer)
        return answer

    @classmethod
    def close_all(cls) -> None:
        """Go away from what was asked for and not read, as a web server notices at once."""
        while cls._unread:
            cls._unread.pop().close()

    def content(self, name: str, **asked: Any) -> bytes:
        """The file's bytes."""
        answer = self.answer(name, **asked)
        assert answer.status_code == 200, answer.content
        return bytes(answer.getvalue())

    def rows(self, name: str, **asked: Any) -> Rows:
        """The rows of the CSV file, without its last line."""
        text = self.content(name, **asked).decode()
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        assert "#broken-off" not in text
        return [row for row in rows if next(iter(row.values())) != "#end"]

    def ids(self, name: str, **asked: Any) -> list[int]:
        """The numbers of the rows."""
        return [int(row["id"]) for row in self.rows(name, columns="id", **asked)]

    def since(self, name: str, cursor: str, **asked: Any) -> tuple[list[int], str]:
        """What is new since a cursor, by number, and the next cursor."""
        answer = self.answer(name, after=cursor, format="jsonl", **asked)
        assert answer.status_code == 200, answer.content
        *rows, end = [json.loads(line) for line in answer.getvalue().splitlines()]
        assert end["end"] == {"rows": len(rows), "next": answer["Leeway-Next"]}
        return [row["id"] for row in rows], answer["Leeway-Next"]
