"""What a report is asked for in its address: of which days, and narrowed to what."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from budgets.days import last_of, month_before, read_month
from employees.models import Division
from employees.plain_errors import speak_plainly
from reports.figures import By, Scope
from reports.measured.names import Names
from reports.measured.period import A_YEAR, Period

DAYS = "days"
USUAL = "this-month"
QUICK = {
    USUAL: "This month",
    "last-month": "Last month",
    "3-months": "Last 3 months",
    "12-months": "Last 12 months",
}
_MONTHS = {"last-month": 1, "3-months": 3, "12-months": 12}  # whole ones, before this month
EARLIEST = date(2000, 1, 1)
_NARROWING = {
    By.TEAM: ("Team", "All teams"),
    By.TIER: ("Tier", "All tiers"),
    By.REMEDY: ("Remedy", "All remedies"),
    By.REASON: ("What went wrong", "Everything"),
    By.CHANNEL: ("Channel", "All channels"),
}


class ReportForm(forms.Form):
    """Which days, and in a division's own report which team, tier, remedy, reason and channel.

    What is not in the address is as usual: this month, all of it. `today` is the division's; of
    several, that of the one where it is the latest.
    """

    period = forms.ChoiceField(label="When")
    day_from = forms.DateField(
        label="From", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    day_to = forms.DateField(
        label="To", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(
        self, asked: Mapping[str, Any], *, today: date, names: Names | None = None
    ) -> None:
        days = asked.get("day_from") or asked.get("day_to")
        period = str(asked.get("period") or (DAYS if days else USUAL))
        super().__init__({**asked, "period": period}, label_suffix="")
        self.today, self.names = today, names or {}
        self.fields["period"].choices = self._periods(period)  # type: ignore[attr-defined]
        for by, named in self.names.items():
            label, all_of_them = _NARROWING[by]
            choices = [("", all_of_them), *((str(key), name) for key, name in named.items())]
            self.fields[by.value] = forms.ChoiceField(label=label, required=False, choices=choices)
        speak_plainly(self.fields.values())

    @property
    def narrowing(self) -> list[forms.BoundField]:
        """The fields that narrow a division's report."""
        return [self[by.value] for by in self.names]

    @property
    def narrowed(self) -> list[str]:
        """To what it is narrowed, by name."""
        chosen = {by: self.cleaned_data.get(by.value) for by in self.names}
        return [
            name
            for by, key in chosen.items()
            for number, name in self.names[by].items()
            if key == str(number)
        ]

    @property
    def asked(self) -> Period:
        """The days. A valid form's."""
        return self._asked_on(self.today)

    def _asked_on(self, today: date) -> Period:
        told, this_month = self.cleaned_data, today.replace(day=1)
        if told["period"] == DAYS:
            return Period(told["day_from"], told["day_to"])
        if number := _MONTHS.get(told["period"]):
            return Period(
                month_before(this_month, months=number), last_of(month_before(this_month))
            )
        month = this_month if told["period"] == USUAL else read_month(told["period"])
        return Period(month, max(month, min(last_of(month), today)))  # it has begun elsewhere

    def scope(self, division: Division, *, today: date | None = None) -> Scope:
        """What is to be measured of the division, where it is `today`. A valid form's."""
        told, period = self.cleaned_data, self._asked_on(today or self.today)
        return Scope(
            division=division,
            first=period.first,
            last=period.last,
            team=_number(told.get("team")),
            tier=_number(told.get("tier")),
            remedy=_number(told.get("remedy")),
            reason_code=_number(told.get("reason_code")),
            channel=told.get("channel", ""),
        )

    def clean_day_from(self) -> date | None:
        """Refuse what is before the calendar of reports, or after today."""
        return self._within_reach("day_from")

    def clean_day_to(self) -> date | None:
        """Refuse what is before the calendar of reports, or after today."""
        return self._within_reach("day_to")

    def clean(self) -> dict[str, Any]:
        """Days that are asked for are both there, and in their order."""
        told = self.cleaned_data
        if told.get("period") != DAYS:
            return told
        for name in ("day_from", "day_to"):
            if name not in self.errors and not told.get(name):
                self.add_error(name, "Write a day, such as 2026-10-31.")
        first, last = told.get("day_from"), told.get("day_to")
        if first and last and last < first:
            self.add_error("day_to", f"Choose {first:%-d %B %Y} or a later day.")
        return told

    def _within_reach(self, name: str) -> date | None:
        day: date | None = self.cleaned_data[name]
        if day and not EARLIEST <= day <= self.today:
            raise ValidationError(f"Choose a day from {EARLIEST.year} on, up to today.")
        return day

    def _periods(self, asked: str) -> Sequence[tuple[str, str]]:
        """The usual ones, the months of a year, the month that is asked for, and any days."""
        this_month = self.today.replace(day=1)
        months = [month_before(this_month, months=back) for back in range(2, A_YEAR + 1)]
        if (month := _month(asked)) and month not in months and EARLIEST <= month <= self.today:
            months.append(month)
        named = [(f"{month:%Y-%m}", f"{month:%B %Y}") for month in months]
        return [*QUICK.items(), *named, (DAYS, "The days below")]


def _month(text: str) -> date | None:
    try:
        return read_month(text)
    except ValueError:
        return None


def _number(text: str | None) -> int | None:
    return int(text) if text else None
