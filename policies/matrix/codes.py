"""What the cells of a matrix may name: a division's codes, names and facts, read once a file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import prefetch_related_objects

from employees.models import AuthorityTier, Division, Team
from policies.facts import FactTerms, comparable_facts
from policies.models import ReasonCode, Remedy
from policies.rulebook import fact_terms


class Names:
    """Rows of one kind, found by their code or by their name."""

    def __init__(self, rows: Iterable[Any], what: str) -> None:
        self.rows: Sequence[Any] = list(rows)
        self.what = what

    def code_of(self, row: Any) -> str:
        """How a file names the row."""
        return str(getattr(row, "code", row.name))

    def find(self, text: str) -> Any:
        """The row that is meant, however its name is capitalised. Raises ValueError."""
        ways = (
            lambda row: self.code_of(row) == text,
            lambda row: row.name == text,
            lambda row: row.name.lower() == text.lower(),
        )
        for is_meant in ways:
            found = [row for row in self.rows if is_meant(row)]
            if len(found) == 1:
                return found[0]
            if found:
                raise ValueError(f"Several are called “{text[:80]}”: write the code.")
        known = ", ".join(self.code_of(row) for row in self.rows) or "none yet"
        raise ValueError(f"There is no {self.what} “{text[:80]}” in this division. Known: {known}.")


@dataclass(frozen=True)
class Codes:
    """All that a file of this division can name."""

    division: Division
    scopes: Mapping[str, Names]
    facts: Mapping[str, FactTerms]

    @classmethod
    def of(cls, division: Division) -> Self:
        """Read them, in five queries."""
        prefetch_related_objects([division], "reason_codes__asked_facts")
        reasons: list[ReasonCode] = list(division.reason_codes.all())
        asked = (fact_terms(fact) for reason in reasons for fact in reason.asked_facts.all())
        rows: dict[str, tuple[Iterable[Any], str]] = {
            "reason_codes": (reasons, "reason code"),
            "remedies": (Remedy.objects.filter(division=division), "remedy"),
            "tiers": (AuthorityTier.objects.filter(division=division), "tier"),
            "teams": (Team.objects.filter(division=division), "team"),
        }
        return cls(
            division,
            {name: Names(found, what) for name, (found, what) in rows.items()},
            comparable_facts(asked),
        )
