"""Two agents at once can't both give what may be given once: per customer, order or case."""

import time
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from budgets.check import problems
from employees.models import Employee
from resolutions.errors import InvalidCase, OutsideAuthority
from resolutions.models import Case, Customer, Resolution
from resolutions.problem import CustomerDetails, Details
from tests.cast import Cast
from tests.putting_right import give_also, put_right, so_many, so_much
from tests.races.together import raised, succeeded, together, without_constraint

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

Acts = Iterable[Callable[[], Any]]


@pytest.fixture
def everyone(forno: Cast) -> list[Employee]:
    """Everyone who can give something, twice: eight requests."""
    return [person for person in forno.people.values() if person.tier] * 2


def only_one_succeeds(acts: Acts) -> None:
    """One is given, all others are refused, and the ledger adds up."""
    outcomes = together(list(acts))
    assert len(succeeded(outcomes)) == Resolution.objects.count() == 1
    assert {type(error) for error in raised(outcomes)} == {OutsideAuthority}
    assert list(problems()) == []


def pizzas_for(everyone: list[Employee], customer: str) -> Acts:
    return (
        lambda e=e: put_right(e, so_many("free-pizza"), customer=customer)  # type: ignore[misc]
        for e in everyone
    )


@pytest.mark.parametrize("customer", ["known", "new"])
def test_once_per_customer_is_once(forno: Cast, everyone: list[Employee], customer: str) -> None:
    forno.rule(measure="times", value="1", per="customer", remedies=["free-pizza"])
    Customer.objects.create(division=forno.division, reference="known")

    only_one_succeeds(pizzas_for(everyone, customer))


def test_without_the_lock_a_known_customer_would_get_more(
    forno: Cast, everyone: list[Employee], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The race above is real, and the test would notice it."""
    forno.rule(measure="times", value="1", per="customer", remedies=["free-pizza"])
    known = Customer.objects.create(division=forno.division, reference="known")
    monkeypatch.setattr("resolutions.resolve.lock_customer", lambda *_: known)
    linger_before_writing(monkeypatch)

    together(list(pizzas_for(everyone, "known")))

    assert Resolution.objects.count() > 1


def test_without_the_key_a_new_customer_would_get_more(
    forno: Cast, everyone: list[Employee], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The race above is real, and the test would notice it."""
    forno.rule(measure="times", value="1", per="customer", remedies=["free-pizza"])
    linger_before_writing(monkeypatch)
    with without_constraint(
        "resolutions_customer", "customer_once_a_division", "UNIQUE (division_id, reference)"
    ):
        together(list(pizzas_for(everyone, "new")))
        assert Resolution.objects.count() > 1


@pytest.mark.parametrize("customer", ["known", "new"])
def test_once_per_customer_is_once_though_they_are_told_later(
    forno: Cast, everyone: list[Employee], customer: str
) -> None:
    forno.rule(measure="times", value="1", per="customer", remedies=["free-pizza"])
    Customer.objects.create(division=forno.division, reference="known")
    cases = [put_right(person) for person in everyone]
    told = Details(customer=CustomerDetails(customer))

    only_one_succeeds(
        lambda case=case, e=e: give_also(case, e, so_many("free-pizza"), later=told)  # type: ignore[misc]
        for case, e in zip(cases, everyone, strict=True)
    )


def test_one_customer_is_told_of_a_case_though_everyone_tells_another(
    forno: Cast, everyone: list[Employee]
) -> None:
    case = put_right(forno.agent)

    outcomes = together(
        [
            lambda e=e, i=i: give_also(  # type: ignore[misc]
                case,
                e,
                so_much("money-off", "1.00"),
                later=Details(customer=CustomerDetails(f"C-{i}")),
            )
            for i, e in enumerate(everyone)
        ]
    )

    assert len(succeeded(outcomes)) == Resolution.objects.count() == Customer.objects.count() == 1
    assert {type(error) for error in raised(outcomes)} == {InvalidCase}
    assert list(problems()) == []


def test_everyone_who_tells_the_same_customer_may_give(
    forno: Cast, everyone: list[Employee]
) -> None:
    case, told = put_right(forno.agent), Details(customer=CustomerDetails("C-1"))

    outcomes = together(
        [
            lambda e=e: give_also(case, e, so_much("money-off", "1.00"), later=told)  # type: ignore[misc]
            for e in everyone
        ]
    )

    assert raised(outcomes) == []
    assert Customer.objects.get().cases.get().resolutions.count() == len(everyone)


def money_off_the_order(everyone: list[Employee]) -> Acts:
    return (
        lambda e=e, i=i: put_right(  # type: ignore[misc]
            e, so_much("money-off", "5.00"), customer=f"C-{i}", order_reference="A-77"
        )
        for i, e in enumerate(everyone)
    )


def test_once_per_order_is_once_though_nobody_knows_whose(
    forno: Cast, everyone: list[Employee]
) -> None:
    forno.rule(measure="times", value="1", per="order", remedies=["money-off"])

    only_one_succeeds(money_off_the_order(everyone))


def test_without_the_lock_an_order_would_get_more(
    forno: Cast, everyone: list[Employee], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The race above is real, and the test would notice it."""
    forno.rule(measure="times", value="1", per="order", remedies=["money-off"])
    monkeypatch.setattr("resolutions.resolve.line_up_at_order", lambda *_: None)
    linger_before_writing(monkeypatch)

    together(list(money_off_the_order(everyone)))

    assert Resolution.objects.count() > 1


@pytest.mark.parametrize("customer", [None, "C-1"])
def test_the_limit_of_a_case_holds_for_all_together(
    forno: Cast, everyone: list[Employee], customer: str | None
) -> None:
    """Drivers may give 25.00 in a case, and the lead 80.00; each wants to give 15.00."""
    case = put_right(forno.agent, customer=customer)

    outcomes = together(more_in(case, everyone))

    assert Resolution.objects.exclude(given_by=forno.lead).count() <= 1
    assert Resolution.objects.filter(given_by=forno.lead).count() == 2
    assert {type(error) for error in raised(outcomes)} == {OutsideAuthority}
    assert list(problems()) == []


def test_without_the_lock_a_case_would_get_more(
    forno: Cast, everyone: list[Employee], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The race above is real, and the test would notice it."""
    case = put_right(forno.agent)
    monkeypatch.setattr(
        "resolutions.resolve.lock_case",
        lambda case, *_: (
            Case.objects.select_related("division", "customer").get(pk=case.pk),
            None,
        ),
    )
    linger_before_writing(monkeypatch)

    together(more_in(case, everyone))

    assert Resolution.objects.exclude(given_by=forno.lead).count() > 1


def more_in(case: dict[str, Any], everyone: list[Employee]) -> list[Callable[[], Any]]:
    return [
        lambda e=e: give_also(case, e, so_much("money-off", "15.00"))  # type: ignore[misc]
        for e in everyone
    ]


def linger_before_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the others time to decide on what they saw before this one writes."""
    from resolutions import carry_out, resolve

    spend = carry_out.spend_for

    def later(*args: Any) -> Any:
        time.sleep(0.3)
        return spend(*args)

    monkeypatch.setattr(resolve, "spend_for", later)
