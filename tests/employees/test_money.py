"""Amounts keep their currency's own places: rounded as an invoice, written as people read them."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from employees.money import (
    currency_symbol,
    format_money,
    format_round,
    money_text,
    places,
    quantize,
    refuse_too_many_places,
    round_down,
    validate_currency,
)


@pytest.mark.parametrize(
    ("amount", "currency", "read_by_people", "read_by_programs"),
    [
        ("9", "USD", "$9.00", "9.00"),
        ("5", "GBP", "£5.00", "5.00"),
        ("62", "AUD", "A$62.00", "62.00"),
        ("1250", "JPY", "¥1,250", "1250"),
        ("1250.5", "KWD", "KWD\xa01,250.500", "1250.500"),
        ("1234567.8", "USD", "$1,234,567.80", "1234567.80"),
        ("-12.5", "USD", "-$12.50", "-12.50"),
        ("0", "GBP", "£0.00", "0.00"),
        ("0.0000", "JPY", "¥0", "0"),
    ],
)
def test_an_amount_is_written_in_its_currency(
    amount: str, currency: str, read_by_people: str, read_by_programs: str
) -> None:
    assert format_money(Decimal(amount), currency) == read_by_people
    assert money_text(Decimal(amount), currency) == read_by_programs


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        ("1500", "USD", "$1,500"),
        ("0.5", "USD", "$0.50"),
        ("-20", "AUD", "-A$20"),
        ("12500", "GBP", "£12.5K"),
        ("1250000", "JPY", "¥1.25M"),
        ("2", "KWD", "KWD\xa02"),
        ("20000", "KWD", "KWD\xa020K"),
    ],
)
def test_a_round_amount_is_written_short(amount: str, currency: str, written: str) -> None:
    assert format_round(Decimal(amount), currency) == written


def test_each_currency_has_its_own_places_and_sign() -> None:
    assert [places(code) for code in ("USD", "GBP", "AUD", "JPY", "KWD")] == [2, 2, 2, 0, 3]
    assert [currency_symbol(c) for c in ("USD", "GBP", "AUD", "KWD")] == ["$", "£", "A$", "KWD"]


@pytest.mark.parametrize(
    ("exact", "currency", "rounded", "down"),
    [
        ("2.675", "USD", "2.68", "2.67"),
        ("2.6749", "USD", "2.67", "2.67"),
        ("-0.005", "USD", "-0.01", "0.00"),
        ("0.5", "JPY", "1", "0"),
        ("1.0005", "KWD", "1.001", "1.000"),
        ("99.999", "GBP", "100.00", "99.99"),
    ],
)
def test_halves_are_rounded_up_and_limits_never_past_themselves(
    exact: str, currency: str, rounded: str, down: str
) -> None:
    assert quantize(Decimal(exact), currency) == Decimal(rounded)
    assert round_down(Decimal(exact), currency) == Decimal(down)


def test_an_amount_with_more_places_than_its_currency_is_refused_by_name() -> None:
    for amount, currency in [("5", "JPY"), ("5.10", "USD"), ("5.100", "USD"), ("5.125", "KWD")]:
        refuse_too_many_places(Decimal(amount), currency)
    refuse_too_many_places(None, "USD")

    with pytest.raises(ValidationError) as refusal:
        refuse_too_many_places(Decimal("5.1250"), "USD")
    assert refusal.value.messages == ["USD has 2 decimal places; 5.125 has more."]
    with pytest.raises(ValidationError):
        refuse_too_many_places(Decimal("5.5"), "JPY")


def test_a_currency_is_one_of_iso_4217() -> None:
    for code in ("USD", "GBP", "AUD", "JPY", "KWD"):
        validate_currency(code)
    for wrong in ("usd", "US", "DOLLAR", "ZZZ", "", "€"):
        with pytest.raises(ValidationError):
            validate_currency(wrong)
