"""Where people work, with the month that it is there: as rows that a statement can join."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from budgets.models import Budget
from budgets.months import allotment_note, month_in
from employees.models import Team
from employees.money import places as decimals_of

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """The people of a division in one time zone: their month begins at the same moment.

    `unit` is the least amount of the division's currency, `note` what an allotment says of itself.
    The values are as this database keeps them.
    """

    division_id: int
    zone: str
    month: Any
    unit: Any
    note: str


def places_at(at: datetime) -> tuple[list[Place], list[Exception]]:
    """All of them at this moment; and what is wrong with a time zone that is none."""
    rows = Team.objects.order_by("division", "time_zone").distinct()
    places: list[Place] = []
    errors: list[Exception] = []
    for division, currency, zone in rows.values_list("division", "division__currency", "time_zone"):
        try:
            month = month_in(ZoneInfo(zone), at)
        except (KeyError, ValueError) as error:  # no time zone is called so, or not any more
            log.warning("Nobody in %s has a month: %s", zone, error)
            errors.append(error)
            continue
        unit = Decimal(1).scaleb(-decimals_of(currency))
        places.append(
            Place(
                division_id=division,
                zone=zone,
                month=Budget._meta.get_field("month").get_db_prep_value(month, connection),
                unit=Budget._meta.get_field("base").get_db_prep_value(unit, connection),
                note=allotment_note(month),
            )
        )
    return places, errors


def as_table(places: Sequence[Place]) -> tuple[str, dict[str, Any]]:
    """SQL for a WITH that calls them `places`, and its parameters."""
    columns = [field.name for field in fields(Place)]
    names = [[f"{column}_{n}" for column in columns] for n, _ in enumerate(places)]
    rows = ", ".join(f"({', '.join(f'%({name})s' for name in row)})" for row in names)
    return f"places ({', '.join(columns)}) AS (VALUES {rows})", {
        name: getattr(place, column)
        for place, row in zip(places, names, strict=True)
        for column, name in zip(columns, row, strict=True)
    }
