"""What publishing would refuse about a planned rule, found without asking the database."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from employees.models import Employee
from policies.complete import refuse_bad_comparison, refuse_contradictions
from policies.errors import OwnRule
from policies.facts import FactTerms
from policies.matrix.columns import BY_NAME
from policies.matrix.reading import Errors
from policies.models import Effect, Policy

_BLANK = {
    "title": "Write what colleagues would call the rule.",
    "effect": "Write one of grant, restrict, forbid.",
    "rationale": "Say why: the employee reads it, above all when the rule says no.",
    "customer_wording": "Write what one can say to the customer.",
}


def check(
    rule: Policy, errors: Errors, *, holds_from: datetime, facts: Mapping[str, FactTerms]
) -> None:
    """Add what is wrong with the rule to the errors, by column; `facts` are all of its division."""
    for name, words in _BLANK.items():
        if not getattr(rule, name):
            errors.setdefault(name, [words])
    ends = rule.ends_at
    if ends and ends <= holds_from and not errors.keys() & {"starts_at", "ends_at"}:
        errors["ends_at"] = ["The end comes before the start."]
    wrong = frozenset(errors)
    checks: tuple[Callable[[], None], ...] = (
        lambda: rule.clean_fields(exclude={"division", "series", "published_by", *wrong}),
        rule.clean,
        lambda: refuse_contradictions(rule),
        lambda: _refuse_bad_comparisons(rule, facts),
    )
    for refuse in checks:
        try:
            refuse()
        except ValidationError as error:
            add(errors, error, unless=wrong)
            return


def _refuse_bad_comparisons(rule: Policy, facts: Mapping[str, FactTerms]) -> None:
    """Conditions that were taken over may compare what nobody asks for any more."""
    try:
        for condition in rule.conditions.all():
            refuse_bad_comparison(condition, facts)
    except ValidationError as error:
        raise ValidationError({"conditions": error.messages}) from error


def add(errors: Errors, error: ValidationError, *, unless: frozenset[str] = frozenset()) -> None:
    """Add an error's words to the columns that it is about; what is of none is of the row."""
    by_field: dict[str, list[ValidationError]] = {}
    error.update_error_dict(by_field)
    for name, found in by_field.items():
        column = name if name in BY_NAME else NON_FIELD_ERRORS
        if column not in unless:
            words = [words for each in found for words in each.messages]
            errors.setdefault(column, []).extend(words)


def refuse_more_for_oneself(
    rule: Policy, versions: Iterable[Policy], employee: Employee, errors: Errors
) -> None:
    """Add what `policies/own_rules.py` would refuse: a rule that gives its publisher more.

    `versions` are those of the rule that hold or are to hold.
    """
    if employee.tier_id is None:
        return
    limits = [v for v in versions if v.effect != Effect.GRANT and v.is_about(employee)]
    if limits or (rule.effect == Effect.GRANT and rule.is_about(employee)):
        errors.setdefault("tiers", []).append(str(OwnRule()))
