"""Facts are read from forms, files and API calls: as numbers, words, yes or no, or not at all."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from policies.facts import (
    BUILT_IN,
    FactKind,
    FactTerms,
    comparable_facts,
    read_value,
    read_values,
)

MINUTES = FactTerms("minutes_late", "minutes late", FactKind.NUMBER, "minutes")
SEAL = FactTerms("seal_broken", "seal broken", FactKind.YES_NO)
PLAN = FactTerms("plan", "plan", FactKind.CHOICE, choices=("basic", "plus"))
SEGMENT = BUILT_IN["customer_segment"]


@pytest.mark.parametrize(
    ("fact", "raw", "value"),
    [
        (MINUTES, "30", Decimal(30)),
        (MINUTES, " 7.5 ", Decimal("7.5")),
        (MINUTES, "+3", Decimal(3)),
        (MINUTES, 30, Decimal(30)),
        (MINUTES, Decimal("0"), Decimal(0)),
        (MINUTES, "999999999.999999999", Decimal("999999999.999999999")),
        (BUILT_IN["order_value"], "23.50", Decimal("23.50")),
        (SEAL, True, True),
        (SEAL, False, False),
        (SEAL, "Yes", True),
        (SEAL, "on", True),
        (SEAL, " no ", False),
        (SEAL, "0", False),
        (PLAN, " plus ", "plus"),
        (SEGMENT, "any word", "any word"),
    ],
    ids=str,
)
def test_a_value_is_read_by_the_facts_kind(fact: FactTerms, raw: Any, value: Any) -> None:
    read = read_value(fact, raw)
    assert (read, type(read)) == (value, type(value))
    assert isinstance(read, fact.value_type)


@pytest.mark.parametrize(
    ("fact", "raw"),
    [
        (MINUTES, "half an hour"),
        (MINUTES, ""),
        (MINUTES, None),
        (MINUTES, "-1"),
        (MINUTES, "NaN"),
        (MINUTES, "Infinity"),
        (MINUTES, "1e9"),
        (MINUTES, "1000000000"),
        (MINUTES, "0.1234567891"),
        (MINUTES, "٣٠"),
        (MINUTES, "30\x00"),
        (MINUTES, 30.5),
        (MINUTES, True),
        (MINUTES, ["30"]),
        (MINUTES, {"minutes": 30}),
        (SEAL, "maybe"),
        (SEAL, ""),
        (SEAL, None),
        (PLAN, "gold"),
        (PLAN, ""),
        (PLAN, 5),
        (SEGMENT, "  "),
    ],
    ids=str,
)
def test_what_is_no_value_is_refused_in_words_that_name_the_fact(fact: FactTerms, raw: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        read_value(fact, raw)
    (message,) = refused.value.messages
    assert message.startswith(f"{fact.label.capitalize()}: ")


def test_a_fact_of_several_reason_codes_is_compared_with_the_choices_of_all() -> None:
    gold, any_word = replace(PLAN, choices=("gold", "plus")), replace(PLAN, choices=())
    assert comparable_facts([PLAN, gold])["plan"].choices == ("basic", "plus", "gold")
    assert comparable_facts([PLAN, any_word, gold])["plan"].choices == ()
    assert comparable_facts([SEAL, MINUTES]) == BUILT_IN | {
        "seal_broken": SEAL,
        "minutes_late": MINUTES,
    }


def test_one_of_a_list_is_written_with_commas() -> None:
    assert read_values(MINUTES, "30, 45,,60.0") == {Decimal(30), Decimal(45), Decimal(60)}
    assert read_values(PLAN, "basic") == {"basic"}


@pytest.mark.parametrize("raw", ["", " , ", "basic, gold"])
def test_a_list_without_values_or_with_a_wrong_one_is_refused(raw: str) -> None:
    with pytest.raises(ValidationError):
        read_values(PLAN, raw)
