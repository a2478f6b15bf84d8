"""No amount is ever a float: what is stored, compared and summed is exact, on both databases."""

from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import F, Sum, Value

from employees.models import AuthorityTier
from employees.money import MoneyField
from tests.cast import Cast

TENTH, FIFTH, THREE_TENTHS = Decimal("0.10"), Decimal("0.20"), Decimal("0.30")


@pytest.fixture
def tiers(forno: Cast) -> tuple[AuthorityTier, AuthorityTier]:
    """Two tiers, of 0.10 and 0.20 a month, that may give 0.30 and 0.1234 in a case."""
    small, large = forno.tiers.values()
    small.monthly_budget, small.limit_per_case = TENTH, THREE_TENTHS
    large.monthly_budget, large.limit_per_case = FIFTH, Decimal("0.1234")
    small.save()
    large.save()
    return small, large


def test_an_amount_comes_back_as_the_decimal_it_was(
    tiers: tuple[AuthorityTier, AuthorityTier],
) -> None:
    small, large = AuthorityTier.objects.order_by("monthly_budget")
    assert (small.monthly_budget, large.limit_per_case) == (TENTH, Decimal("0.1234"))
    assert type(small.monthly_budget) is Decimal


@pytest.mark.parametrize("amount", ["0.0001", "9999999999.9999", "70000000.07", "0"])
def test_small_and_large_amounts_are_kept_whole(forno: Cast, amount: str) -> None:
    tier = forno.tiers["Driver"]
    tier.monthly_budget = Decimal(amount)
    tier.save()
    tier.refresh_from_db()
    assert tier.monthly_budget == Decimal(amount)


@pytest.mark.sqlite
def test_sqlite_holds_whole_ten_thousandths(tiers: tuple[AuthorityTier, AuthorityTier]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT monthly_budget, typeof(monthly_budget) FROM employees_authoritytier ORDER BY 1"
        )
        assert cursor.fetchall() == [(1000, "integer"), (2000, "integer")]


def test_sums_are_exact(tiers: tuple[AuthorityTier, AuthorityTier]) -> None:
    total = AuthorityTier.objects.aggregate(total=Sum("monthly_budget"))["total"]
    assert total == THREE_TENTHS
    assert type(total) is Decimal

    nothing = AuthorityTier.objects.none().aggregate(total=Sum("monthly_budget"))["total"]
    assert nothing is None


def test_comparisons_are_exact(tiers: tuple[AuthorityTier, AuthorityTier]) -> None:
    small, large = tiers
    rows = AuthorityTier.objects
    assert rows.get(monthly_budget=Decimal("0.1")) == small
    assert rows.get(monthly_budget="0.2000") == large
    assert rows.get(monthly_budget__in=[TENTH, Decimal(7)]) == small
    assert rows.filter(monthly_budget__gt=TENTH).get() == large
    assert rows.filter(monthly_budget__gt=0).count() == 2
    assert rows.filter(monthly_budget__range=(TENTH, FIFTH)).count() == 2
    assert rows.filter(limit_per_case__lt=F("monthly_budget")).get() == large
    assert [tier.pk for tier in rows.order_by("-monthly_budget")] == [large.pk, small.pk]


def test_the_database_reckons_exactly(tiers: tuple[AuthorityTier, AuthorityTier]) -> None:
    small, _ = tiers
    fifth = Value(FIFTH, output_field=MoneyField())
    rows = AuthorityTier.objects.filter(pk=small.pk)

    assert rows.filter(limit_per_case=F("monthly_budget") + fifth).exists()
    assert rows.filter(monthly_budget=F("limit_per_case") - fifth).exists()
    reckoned = rows.values_list(
        F("monthly_budget") + F("limit_per_case"),
        F("monthly_budget") - F("limit_per_case"),
        F("monthly_budget") * Value(3),
    )
    assert list(reckoned) == [(Decimal("0.40"), Decimal("-0.20"), THREE_TENTHS)]
    assert AuthorityTier.objects.aggregate(
        total=Sum(F("limit_per_case") - F("monthly_budget"))
    ) == {"total": Decimal("0.1234")}


def test_an_amount_can_be_raised_where_it_stands(
    tiers: tuple[AuthorityTier, AuthorityTier],
) -> None:
    small, _ = tiers
    for _ in range(10):
        AuthorityTier.objects.filter(pk=small.pk).update(
            monthly_budget=F("monthly_budget") + Value(TENTH, output_field=MoneyField())
        )
    small.refresh_from_db()
    assert small.monthly_budget == Decimal("1.10")


def test_many_amounts_can_be_written_at_once(tiers: tuple[AuthorityTier, AuthorityTier]) -> None:
    for tier in tiers:
        tier.monthly_budget += Decimal("0.01")
    AuthorityTier.objects.bulk_update(tiers, ["monthly_budget"])
    assert list(
        AuthorityTier.objects.order_by("monthly_budget").values_list("monthly_budget", flat=True)
    ) == [Decimal("0.11"), Decimal("0.21")]
