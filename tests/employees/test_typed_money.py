"""What people type for an amount is read exactly, or asked for again; never guessed at."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from employees.typed_money import amount_text, read_plain_number, read_typed_money


@pytest.mark.parametrize(
    ("typed", "currency", "amount"),
    [
        ("23.50", "USD", "23.50"),
        (" $23.50 ", "USD", "23.50"),
        ("23.50 USD", "USD", "23.50"),
        ("A$62", "AUD", "62"),
        ("$ 62", "AUD", "62"),
        ("£5", "GBP", "5"),
        ("5.", "GBP", "5"),
        (".50", "GBP", "0.50"),
        ("1,250", "USD", "1250"),
        ("1,250.75", "USD", "1250.75"),
        ("1 250 000.75", "USD", "1250000.75"),
        ("1\u00a0250", "USD", "1250"),
        ("1,250", "JPY", "1250"),
        ("1,250.000", "KWD", "1250.000"),
        ("-5", "USD", "-5"),
        ("-$5", "USD", "-5"),
        ("\u22125", "USD", "-5"),
        ("5.123456789", "USD", "5.123456789"),
    ],
)
def test_what_has_one_meaning_is_read(typed: str, currency: str, amount: str) -> None:
    assert read_typed_money(typed, currency) == Decimal(amount)


@pytest.mark.parametrize(
    ("typed", "currency"),
    [
        ("", "USD"),
        ("abc", "USD"),
        ("23,50", "USD"),
        ("1.250,00", "USD"),
        ("12,50,000", "USD"),
        ("1 25", "USD"),
        ("1,250 000", "USD"),
        ("1,250", "KWD"),  # one and a quarter, or a thousand and more?
        ("€5", "USD"),
        ("A$5", "USD"),
        ("5 5", "USD"),
        ("1e3", "USD"),
        ("NaN", "USD"),
        ("Infinity", "USD"),
        ("0x10", "USD"),
        ("٥", "USD"),
        ("5\x00", "USD"),
        ("1" * 41, "USD"),
        ("--5", "USD"),
    ],
)
def test_what_could_be_meant_otherwise_is_asked_for_again(typed: str, currency: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        read_typed_money(typed, currency)
    assert refusal.value.messages[0].startswith("Write ")


def test_a_comma_that_was_meant_as_a_point_gets_a_hint() -> None:
    with pytest.raises(ValidationError, match=r"Write it with a point: 23\.50\."):
        read_typed_money("$23,50", "USD")
    with pytest.raises(ValidationError, match=r"such as 24\."):
        read_typed_money("23,50", "JPY")


@pytest.mark.parametrize("typed", ["25", " 25.00 ", "0.5", ".5", "5.", "-5"])
def test_without_a_currency_digits_are_read(typed: str) -> None:
    assert read_plain_number(typed) == Decimal(typed.strip())


@pytest.mark.parametrize(
    "typed", ["", "1e5", "1E-2", "$25", "1,250", "1 250", "NaN", "Infinity", "0x10", "٥", "1_000"]
)
def test_without_a_currency_nothing_else_is(typed: str) -> None:
    with pytest.raises(ValidationError, match=r"Write a number, such as 25\.00\."):
        read_plain_number(typed)


@pytest.mark.parametrize(
    ("amount", "at_least", "text"),
    [
        ("25.0000", 2, "25.00"),
        ("100000.0000", 2, "100000.00"),
        ("2500.0000", 0, "2500"),
        ("1.2500", 3, "1.250"),
        ("0.0000", 0, "0"),
        ("25.1250", 2, "25.125"),  # more than it has: shown, and not lost
        ("1E+3", 2, "1000.00"),
    ],
)
def test_an_amount_is_written_as_one_would_type_it(amount: str, at_least: int, text: str) -> None:
    assert amount_text(Decimal(amount), at_least) == text
    assert Decimal(text) == Decimal(amount)
