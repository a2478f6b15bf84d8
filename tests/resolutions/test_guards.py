"""The database itself keeps resolutions as they are, whoever asks: raw SQL, on both databases."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from budgets import ledger, months
from employees.models import Employee
from resolutions.models import Case, Conclusion, Customer, Resolution, Submission
from resolutions.problem import CustomerDetails
from tests.cast import Cast
from tests.putting_right import NOW, put_right, so_many
from tests.raw_sql import empty_out, execute, insert, refused

KIM = CustomerDetails("C-1", email="Kim@Example.com")


@pytest.fixture
def resolution(forno: Cast) -> Resolution:
    """A reorder that the first driver gave to Kim."""
    put_right(forno.agent, so_many("reorder"), customer=KIM)
    return Resolution.objects.get()


def insert_copy(resolution: Resolution, given_by: Employee, **columns: Any) -> None:
    """Write the same resolution once more, by someone, paid by an entry of its own."""
    assert given_by.division is not None
    owed = months.open_entitlements(given_by.division, month=date(2026, 11, 1))
    entry = ledger.charge_entitlement(
        owed, cost=Decimal("4.00"), actor=given_by, request_id=uuid4(), at=NOW
    )
    same: dict[str, Any] = {
        str(field.column): getattr(resolution, field.attname)
        for field in Resolution._meta.concrete_fields
        if not field.primary_key and field.name not in ("decision", "request_id")
    }
    insert(
        "resolutions_resolution",
        **{
            **same,
            "decision": "{}",
            "request_id": uuid4().hex,
            "given_by_id": given_by.pk,
            "entry_id": entry.pk,
            **columns,
        },
    )


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("cost", Decimal("3.00")),
        ("face_value", Decimal("3.00")),
        ("against_limit", Decimal(0)),
        ("verdict", "grace"),
        ("review_afterwards", True),
        ("decision", "{}"),
        ("description", "other words"),
        ("at", datetime(2026, 1, 1, tzinfo=UTC)),
    ],
)
def test_no_column_of_a_resolution_can_be_changed(
    resolution: Resolution, column: str, value: Any
) -> None:
    with refused("never changed or deleted"):
        execute(f"UPDATE resolutions_resolution SET {column} = %s", value)

    assert Resolution.objects.values().get() == {
        field.attname: getattr(resolution, field.attname)
        for field in Resolution._meta.concrete_fields
    }


def test_a_resolution_can_not_move_to_another_case(forno: Cast, resolution: Resolution) -> None:
    other = put_right(forno.agent)
    with refused("never changed or deleted"):
        execute("UPDATE resolutions_resolution SET case_id = %s", other["id"])


def test_a_resolution_can_not_be_deleted(resolution: Resolution) -> None:
    with refused("never changed or deleted"):
        execute("DELETE FROM resolutions_resolution")
    assert Resolution.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.parametrize("table", ["resolutions_resolution", "resolutions_case"])
def test_resolutions_are_not_emptied_out(resolution: Resolution, table: str) -> None:
    with refused("never changed or deleted"):
        empty_out(table)
    assert Resolution.objects.get() == resolution


@pytest.mark.sqlite
@pytest.mark.parametrize("kept", ["id", "entry_id"])
def test_a_resolution_can_not_be_replaced_by_another(resolution: Resolution, kept: str) -> None:
    columns = {str(field.column): str(field.column) for field in Resolution._meta.concrete_fields}
    columns["id" if kept == "entry_id" else "entry_id"] = "NULL" if kept == "entry_id" else "0"
    with refused("never changed or deleted"):
        execute(
            f"INSERT OR REPLACE INTO resolutions_resolution ({', '.join(columns)}) "
            f"SELECT {', '.join(columns.values())} FROM resolutions_resolution"
        )
    assert Resolution.objects.get() == resolution


@pytest.mark.parametrize(
    "known_as",
    [{"customer_reference": "C-1"}, {"email": "kim@example.COM"}],
    ids=["by reference", "by address"],
)
def test_nobody_resolves_their_own_case(
    forno: Cast, resolution: Resolution, known_as: dict[str, str]
) -> None:
    Employee.objects.filter(pk=forno.colleague.pk).update(**known_as)
    with refused("Nobody resolves a case in which they are the customer"):
        insert_copy(resolution, forno.colleague)

    insert_copy(resolution, forno.agent)  # anyone else may


@pytest.mark.parametrize(
    "known_as",
    [{"customer_reference": "C-1"}, {"email": "kim@example.COM"}],
    ids=["by reference", "by address"],
)
def test_who_gave_something_does_not_become_the_customer(
    forno: Cast, resolution: Resolution, known_as: dict[str, str]
) -> None:
    kim, case = Customer.objects.get(), put_right(forno.colleague, so_many("reorder"))["id"]
    become = "UPDATE resolutions_case SET customer_id = %s WHERE id = %s"
    Employee.objects.filter(pk=forno.colleague.pk).update(**known_as)
    with refused("customer can not be who gave something"):
        execute(become, kim.pk, case)
    assert Case.objects.get(pk=case).customer is None

    Employee.objects.filter(pk=forno.colleague.pk).update(customer_reference="", email="")
    execute(become, kim.pk, case)  # anyone else may


def test_people_without_an_address_are_not_taken_for_each_other(
    forno: Cast, resolution: Resolution
) -> None:
    Employee.objects.filter(pk=forno.colleague.pk).update(email="", customer_reference="")
    Customer.objects.update(email="")
    insert_copy(resolution, forno.colleague)


def test_an_entry_pays_for_one_resolution(forno: Cast, resolution: Resolution) -> None:
    with refused("entry_id|never changed"):
        insert_copy(resolution, forno.agent, entry_id=resolution.entry_id)


@pytest.mark.parametrize("column", ["face_value", "cost", "against_limit"])
def test_nothing_is_given_for_less_than_nothing(
    forno: Cast, resolution: Resolution, column: str
) -> None:
    with refused("resolution_amounts_not_negative"):
        insert_copy(resolution, forno.agent, **{column: Decimal("-0.01")})


def test_a_request_is_kept_once(resolution: Resolution) -> None:
    first = Submission.objects.get()
    with refused("request_has_one_effect|request_id"):
        Submission.objects.create(
            employee=first.employee, request_id=first.request_id, fingerprint="", answer={}
        )


def test_a_customer_is_there_once_and_can_be_found(forno: Cast, resolution: Resolution) -> None:
    with refused("customer_once_a_division|reference"):
        Customer.objects.create(division=forno.division, reference="C-1")
    with refused("customer_is_findable"):
        Customer.objects.create(division=forno.division, reference="  ")


def test_a_conclusion_stays_and_an_escalation_has_a_reason(
    forno: Cast, resolution: Resolution
) -> None:
    kept = Conclusion.objects.create(
        case=Case.objects.get(), employee=forno.agent, state="handed-over", words="Why."
    )
    with refused("never changed or deleted"):
        execute("UPDATE resolutions_conclusion SET words = 'Because.'")
    with refused("never changed or deleted"):
        execute("DELETE FROM resolutions_conclusion")
    with refused("escalation_has_a_reason"):
        insert(
            "resolutions_conclusion",
            case_id=kept.case_id,
            state="handed-over",
            words=" \n",
            handed_over_to="",
            at=NOW,
        )
    assert Conclusion.objects.get() == kept


def test_handing_over_has_a_reason(resolution: Resolution) -> None:
    with refused("handing_over_has_a_reason"):
        execute("UPDATE resolutions_case SET state = 'handed-over', outcome_note = '  '")
    assert Case.objects.get().state == "put-right"


def test_a_case_with_resolutions_can_not_be_deleted(resolution: Resolution) -> None:
    with pytest.raises(Exception, match="protected"):
        Case.objects.all().delete()
