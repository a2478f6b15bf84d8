"""The template of a matrix: its headings, a few rows as an example, and how to fill it in.

The examples are written with the division's own codes, so that they could be brought in as they
are.
"""

from decimal import Decimal
from typing import Any

import openpyxl

from employees.models import Division
from policies.facts import Operator
from policies.matrix.codes import Codes, Names
from policies.matrix.columns import COLUMNS
from policies.matrix.rows import cells_of
from policies.matrix.sketch import set_related, sketch_of
from policies.matrix.xlsx import saved, write_headings, write_rules, write_text
from policies.models import Condition, Effect, Measure, Per, Policy

_WORDS = {
    "Example: never more than the order": (
        "What was paid can come back; more than that is a present, and never one by mistake.",
        "I can give you back all that you paid.",
    ),
    "Example: more for those who are new to trouble": (
        "Whoever has been with us for a year without a claim is believed at once.",
        "You have been with us for so long: this one is on us.",
    ),
    "Example: one of these, always": (
        "It costs us little, and helps at once.",
        "I am sorry. I have put one down for you.",
    ),
    "Example: not by e-mail": (
        "Nobody can tell who reads it.",
        "Let me call you; then I can do it right away.",
    ),
}


def write_template(division: Division) -> bytes:
    """The template as a workbook: a sheet to fill in, and one that says how."""
    workbook = openpyxl.Workbook()
    write_rules(workbook.worksheets[0], example_rows(division))
    sheet = workbook.create_sheet("How to fill it in")
    headings = ("Column", "What it says", "What may stand in it", "Example")
    write_headings(sheet, list(zip(headings, (22, 60, 60, 50), strict=True)))
    for place, row in enumerate(_help(Codes.of(division)), start=2):
        for number, text in enumerate(row, start=1):
            write_text(sheet.cell(place, number), text)
    sheet.freeze_panes = "B2"
    return saved(workbook)


def example_rows(division: Division) -> list[dict[str, str]]:
    """A few rules that could be the division's, without rule ids."""
    codes = Codes.of(division)
    return [
        {**cells_of(rule, codes), "rule_id": ""}
        for rule in (
            _example(codes, 0, effect=Effect.RESTRICT, measure=Measure.PERCENT, value=100,
                     per=Per.ORDER),
            _example(codes, 1, effect=Effect.GRANT, measure=Measure.AMOUNT, value=25,
                     per=Per.CUSTOMER, window_days=90),
            _example(codes, 2, effect=Effect.GRANT, measure=Measure.QUANTITY, value=1),
            _example(codes, 3, effect=Effect.FORBID, channels=["email"]),
        )
        if rule is not None
    ]  # fmt: skip


def _example(codes: Codes, place: int, *, value: int | None = None, **said: Any) -> Policy | None:
    remedies = codes.scopes["remedies"].rows
    counted = said.get("measure") == Measure.QUANTITY
    fit = [r for r in remedies if (r.costing == "per_unit") == counted and r.is_active]
    if counted and not fit:
        return None
    rule = sketch_of(None, codes, place + 1)
    rule.title = list(_WORDS)[place]
    rule.rationale, rule.customer_wording = _WORDS[rule.title]
    rule.value = None if value is None else Decimal(value)
    for name, what in said.items():
        setattr(rule, name, what)
    set_related(rule, "remedies", fit[:1])
    if said.get("per") == Per.CUSTOMER:
        set_related(rule, "reason_codes", _first(codes.scopes["reason_codes"], 2))
        set_related(rule, "tiers", _first(codes.scopes["tiers"], 1))
        set_related(rule, "conditions", [
            Condition(fact="days_as_customer", operator=Operator.AT_LEAST, value="365"),
            Condition(fact="earlier_resolutions", operator=Operator.EQUAL, value="0",
                      window_days=90),
        ])  # fmt: skip
    return rule


def _first(names: Names, count: int) -> list[Any]:
    return list(names.rows[:count])


def _help(codes: Codes) -> list[tuple[str, ...]]:
    """Every column; then all that can be named."""
    named = [
        (f"{names.what}: {codes.scopes[name].code_of(row)}", row.name, "", "")
        for name, names in codes.scopes.items()
        for row in names.rows
    ]
    facts = [
        (f"fact: {fact.key}", fact.label, ", ".join(fact.choices) or fact.kind.label, fact.unit)
        for fact in codes.facts.values()
    ]
    about = [(column.name, column.about, column.allowed, column.example) for column in COLUMNS]
    return [*about, ("", "", "", ""), *named, *facts]
