"""A report that was kept years ago is read by the program of today."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from reports.charts.ranked import NamedGaps, NamedRemedy
from reports.measures import BudgetUse, Cases, Costs
from reports.monthly.told import Line, Told

pytestmark = pytest.mark.once

# As version 1 kept it, and never changed here: such reports are in companies' databases.
VERSION_1: dict[str, Any] = {
    "version": 1,
    "division": "Forno",
    "currency": "USD",
    "month": "2026-10-01",
    "sentences": ["October cost $300.10."],
    "lines": [
        {"label": "Cost", "value": "$300.10", "note": "20 cases", "compared": ["as before"]}
    ],
    "baseline": "January to June 2025",
    "months": ["2026-09-01", "2026-10-01"],
    "costs": {
        "2026-10-01": {
            "given": 10, "in_grace": 1, "returned": 2, "spent": "300.10", "lent": "1.05",
            "given_back": "1.05", "owed": "20.00", "face_value": "400.00",
        }
    },
    "cases": {
        "2026-10-01": {
            "cases": 20, "put_right": 18, "unescalated": 17, "handed_over": 2,
            "second_failures": 3, "watched": 15, "came_again": 1, "seconds": 12000, "asked": 16,
            "score_1": 1, "score_2": 2, "score_3": 3, "score_4": 4, "score_5": 5,
        }
    },
    "use": {
        "months": 4, "over": 1, "allotted": "400.00", "spent": "250.00",
        "none": 0, "to_25": 1, "to_50": 1, "to_75": 0, "to_100": 1, "beyond": 1,
    },
    "gaps": [{"name": "Gift cards", "gaps": 4, "cost": "40.00", "where": "/handbook/7/"}],
    "remedies": [
        {"name": "Money off", "costs": {"given": 10, "spent": "300.10"}, "cases": {"cases": 9}}
    ],
    "lessons": ["Offer the reorder first."],
}  # fmt: skip


def test_a_report_of_version_1_is_read_as_it_was_told() -> None:
    october = date(2026, 10, 1)
    assert Told.of_json(VERSION_1) == Told(
        division="Forno",
        currency="USD",
        month=october,
        sentences=("October cost $300.10.",),
        lines=(Line("Cost", "$300.10", "20 cases", ("as before",)),),
        baseline="January to June 2025",
        months=(date(2026, 9, 1), october),
        costs={
            october: Costs(
                *(10, 1, 2),
                *map(Decimal, ("300.10", "1.05", "1.05", "20.00", "400.00")),
            )
        },
        cases={october: Cases(20, 18, 17, 2, 3, 15, 1, 12000, 16, 1, 2, 3, 4, 5)},
        use=BudgetUse(4, 1, Decimal("400.00"), Decimal("250.00"), 0, 1, 1, 0, 1, 1),
        gaps=(NamedGaps("Gift cards", 4, Decimal("40.00"), "/handbook/7/"),),
        remedies=(
            NamedRemedy("Money off", Costs(given=10, spent=Decimal("300.10")), Cases(cases=9)),
        ),
        lessons=("Offer the reorder first.",),
    )


def test_what_was_not_told_yet_is_empty_and_what_came_later_is_left() -> None:
    kept = {name: value for name, value in VERSION_1.items() if name not in ("lessons", "use")}
    line = {**VERSION_1["lines"][0], "later": 1}
    told = Told.of_json({**kept, "lines": [line], "later": ["?"]})
    assert (told.lessons, told.use) == ((), BudgetUse())
    assert told.lines == Told.of_json(VERSION_1).lines


def test_the_version_is_kept_with_what_is_told() -> None:
    told = Told.of_json(VERSION_1)
    assert told.as_json()["version"] == 1
    assert told.as_json().keys() == VERSION_1.keys()
