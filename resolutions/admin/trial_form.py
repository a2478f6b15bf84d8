"""The form for trying a change on the past: which days, and which limit or figure instead."""

from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from budgets.days import begin_of_day
from employees.admin.amounts import AmountField
from employees.models import AuthorityTier, Employee
from employees.plain_errors import in_plain_words, speak_plainly
from policies.models import Measure, Policy, Status
from resolutions.errors import ResolutionsError
from resolutions.models import Trial
from resolutions.trying.trials import try_figure, try_limit, try_rule

A_DAY = timedelta(days=1)


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, error_messages={"required": "Choose a day."})


def _within_the_calendar(day: date) -> date:
    """The day. Raises ValidationError in the first and the last year that there are."""
    if day.year == MINYEAR:
        raise ValidationError("Choose a later day.")
    if day.year == MAXYEAR:
        raise ValidationError("Choose an earlier day.")
    return day


class TrialForm(forms.Form):
    """From the first day to the last, both included, where the manager works."""

    error_css_class = "errors"
    first = _day("From")
    last = _day("Until")

    def __init__(self, data: Any, *, manager: Employee, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", **kwargs)
        speak_plainly(self.fields.values())
        self.manager = manager

    def clean_first(self) -> date:
        """Refuse a day that may be none in other time zones."""
        return _within_the_calendar(self.cleaned_data["first"])

    def clean_last(self) -> date:
        """Refuse the same."""
        return _within_the_calendar(self.cleaned_data["last"])

    def try_it(self) -> Trial | None:
        """Start the trial; None where it was refused, which the form then says."""
        try:
            return self.start(*self._period())
        except ResolutionsError as refusal:
            self.add_error(None, str(refusal))
        except ValidationError as error:
            self.add_error("figure", in_plain_words(error).messages)
        return None

    def start(self, since: datetime, until: datetime) -> Trial:
        """Start it. Raises ResolutionsError or ValidationError."""
        raise NotImplementedError

    def _period(self) -> tuple[datetime, datetime]:
        zone = self.manager.zone
        first, last = self.cleaned_data["first"], self.cleaned_data["last"]
        return begin_of_day(first, zone), begin_of_day(last + A_DAY, zone)


class LimitTrialForm(TrialForm):
    """Another limit per case of a tier, and another grace."""

    figure = AmountField(
        label="Limit for one case, instead", error_messages={"required": "Write how much."}
    )
    grace_percent = forms.IntegerField(
        label="A little further, in %", min_value=0, max_value=100, required=False
    )
    field_order = ("figure", "grace_percent", "first", "last")

    def __init__(self, data: Any, *, tier: AuthorityTier, **kwargs: Any) -> None:
        initial = {"figure": tier.limit_per_case, "grace_percent": tier.grace_percent}
        super().__init__(data, **{**kwargs, "initial": {**initial, **kwargs["initial"]}})
        cast("AmountField", self.fields["figure"]).in_currency(tier.division.currency)
        self.tier = tier

    def start(self, since: datetime, until: datetime) -> Trial:
        """Try the limit."""
        return try_limit(
            self.tier,
            limit_per_case=self.cleaned_data["figure"],
            grace_percent=self.cleaned_data["grace_percent"],
            since=since,
            until=until,
            asked_by=self.manager,
        )


class RuleTrialForm(TrialForm):
    """A draft as it is; or a published rule with another figure, which is kept as a draft."""

    figure = AmountField(label="How much, instead", error_messages={"required": "Write how much."})
    field_order = ("figure", "first", "last")

    def __init__(self, data: Any, *, rule: Policy, **kwargs: Any) -> None:
        initial = {"figure": rule.value}
        super().__init__(data, **{**kwargs, "initial": {**initial, **kwargs["initial"]}})
        self.rule = rule
        figure = cast("AmountField", self.fields["figure"])
        if rule.status == Status.DRAFT:
            del self.fields["figure"]
        elif rule.measure == Measure.AMOUNT:
            figure.in_currency(rule.division.currency)
        else:
            figure.in_currency("")
            figure.at_least = 0

    def start(self, since: datetime, until: datetime) -> Trial:
        """Try the draft, or the figure."""
        when: Any = {"since": since, "until": until, "asked_by": self.manager}
        figure = self.cleaned_data.get("figure")
        if figure is None:
            return try_rule(self.rule, **when)
        return try_figure(self.rule, value=figure, **when)
