"""Conditions in a cell: read as people write them, written in one form."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from policies.facts import BUILT_IN, FactKind, FactTerms
from policies.matrix.conditions import read_conditions, write_conditions

FACTS = BUILT_IN | {
    fact.key: fact
    for fact in (
        FactTerms("minutes_late", "minutes late", FactKind.NUMBER, "minutes"),
        FactTerms("seal_broken", "seal broken", FactKind.YES_NO),
        FactTerms("plan", "plan", FactKind.CHOICE, choices=("basic", "plus", "so; so")),
        FactTerms("plan_type", "plan in use", FactKind.CHOICE, choices=("old", "new")),
    )
}


def read(text: str) -> list[tuple[Any, ...]]:
    found = read_conditions(text, FACTS, "USD")
    return [(c.fact, str(c.operator), c.value, c.window_days) for c in found]


def written(text: str) -> str:
    return write_conditions(read_conditions(text, FACTS, "USD"), FACTS, "USD")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("minutes_late >= 30", ("minutes_late", "ge", "30", None)),
        ("minutes late is at least 30", ("minutes_late", "ge", "30", None)),
        ("Minutes late ≥ 30 minutes", ("minutes_late", "ge", "30", None)),
        ("minutes_late>30", ("minutes_late", "gt", "30", None)),
        ("order value is under 50", ("order_value", "lt", "50.00", None)),
        ("order value < $1,250", ("order_value", "lt", "1250.00", None)),
        ("order_value is less than 49.5", ("order_value", "lt", "49.50", None)),
        ("order_value <= 5", ("order_value", "le", "5.00", None)),
        ("order_value ≤ 5", ("order_value", "le", "5.00", None)),
        ("seal broken is yes", ("seal_broken", "eq", "yes", None)),
        ("seal_broken = TRUE", ("seal_broken", "eq", "yes", None)),
        ("seal broken is not yes", ("seal_broken", "ne", "yes", None)),
        ("plan in (basic, Plus)", ("plan", "in", "basic, plus", None)),
        ("plan is one of basic,plus", ("plan", "in", "basic, plus", None)),
        ('plan = "so; so"', ("plan", "eq", "so; so", None)),
        ("plan in use = old", ("plan_type", "eq", "old", None)),
        ("plan <> basic", ("plan", "ne", "basic", None)),
        ("channel = E-mail", ("channel", "eq", "email", None)),
        ("earlier_resolutions in 90 days = 0", ("earlier_resolutions", "eq", "0", 90)),
        ("earlier resolutions of this customer within the last 1 day is 0",
         ("earlier_resolutions", "eq", "0", 1)),
        ("earlier_resolutions = 0", ("earlier_resolutions", "eq", "0", None)),
        ("earlier_same in 30 days is at most 1", ("earlier_same", "le", "1", 30)),
        ("lifetime value of the customer is more than 500",
         ("lifetime_value", "gt", "500.00", None)),
    ],
)  # fmt: skip
def test_a_condition_is_read_as_people_write_it(text: str, said: tuple[Any, ...]) -> None:
    assert read(text) == [said]


def test_several_stand_in_one_cell() -> None:
    text = "minutes_late >= 30; order_value < 50.00;\nearlier_resolutions in 90 days = 0"
    assert [fact for fact, *_ in read(text)] == [
        "minutes_late",
        "order_value",
        "earlier_resolutions",
    ]
    assert read("") == read(" ; ") == []


def test_the_same_conditions_are_written_the_same() -> None:
    one = "plan is one of plus, basic; order value is less than 50; seal broken is yes"
    other = "seal_broken = true; order_value < $50.00; plan in (basic,plus); plan in (basic,plus)"
    assert written(one) == written(other)
    assert written(one) == "order_value < 50.00; plan in (basic, plus); seal_broken = yes"
    assert written(written(one)) == written(one)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("minutes late", "Write a comparison and a value"),
        ("minutes_late >= soon", "write a number"),
        ("minutes_late >= -5", "write a number from 0"),
        ("plan >= basic", "can't be compared as more or less"),
        ("plan = premium", "choose one of basic, plus, so; so"),
        ("weather = rain", "It does not begin with a fact. Known: order_value"),
        ("seal_broken = perhaps", "answer yes or no"),
        ("order_value in 90 days < 5", "is not counted within days"),
        ("earlier_resolutions in 0 days = 0", "Count from 1"),
        ("order_value < 12,50", "Write it with a point: 12.50."),
        ("plan in ()", "at least one value"),
        ("channel = fax", "Channel: choose one of doorstep, phone, counter, chat, email, web."),
        ("channel in (phone, fax)", "Channel: choose one of doorstep"),
        ("earlier_resolutions in 99999999999 days = 0", "Count from 1 to 36,500 days"),
        (f"earlier_resolutions in {'9' * 5000} days = 0", "Count from 1 to 36,500 days"),
    ],
)
def test_what_is_wrong_is_said_with_the_part_that_is(text: str, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        read(f"seal_broken = yes; {text}")
    [message] = refused.value.messages
    assert message.startswith(f"“{text[:80]}”: ")
    assert words in message


def test_a_label_that_two_facts_have_names_none() -> None:
    twins = FACTS | {"late_by": FactTerms("late_by", "Minutes late", FactKind.NUMBER)}
    with pytest.raises(ValidationError) as refused:
        read_conditions("minutes late > 5", twins, "USD")
    assert "write minutes_late or late_by." in refused.value.messages[0]
    [by_key] = read_conditions("late_by > 5", twins, "USD")
    assert by_key.fact == "late_by"
    # What is another fact's key as well means that fact.
    keyed = FACTS | {"tariff": FactTerms("tariff", "plan", FactKind.CHOICE, choices=("a",))}
    [by_key] = read_conditions("plan = basic", keyed, "USD")
    assert by_key.fact == "plan"


def test_a_quotation_mark_that_is_not_closed_is_refused() -> None:
    with pytest.raises(ValueError, match="not closed"):
        read('customer_segment = "gold')
