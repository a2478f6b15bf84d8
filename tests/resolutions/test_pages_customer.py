"""Typing the customer's reference finds them, and shows what they were given before."""

from uuid import uuid4

from resolutions.models import Case, Contact, Customer
from resolutions.problem import CustomerDetails
from tests.cast import Cast
from tests.pages import ask_again, client_of, see_options, send_case, ticks, words
from tests.putting_right import put_right, rows_written, so_many, so_much

KIM = CustomerDetails("555-0142", "Kim Lee")
HERE = {"reason_code": "late", "customer_reference": "555-0142"}


def test_what_they_were_given_before_is_shown_whoever_gave_it(forno: Cast) -> None:
    put_right(forno.lead, so_many("free-pizza"), customer=KIM, reason_code="cold")
    said = words(ask_again(client_of(forno.agent), **HERE))
    assert "Kim Lee was here before Cold food Free pizza" in said
    assert "$5.00 Continue with case F-" in said


def test_no_reason_needs_to_be_picked_first(forno: Cast) -> None:
    put_right(forno.lead, so_many("free-pizza"), customer=KIM)
    told = {"customer_reference": " 555-0142 "}
    assert "Kim Lee was here before" in words(see_options(client_of(forno.agent), **told))


def test_a_new_customer_is_said_to_be_new(forno: Cast) -> None:
    said = words(see_options(client_of(forno.agent), **HERE))
    assert "Nobody is known by this yet: with this case they are." in said


def test_another_divisions_customer_is_nobody_here(forno: Cast, orchard: Cast) -> None:
    put_right(orchard.agent, so_much("money-off", "5.00"), customer=KIM)
    said = words(see_options(client_of(forno.agent), **HERE))
    assert "Nobody is known by this yet" in said
    assert "Kim Lee" not in said


def test_a_rule_that_counts_per_customer_is_decided_with_what_was_given_before(
    forno: Cast,
) -> None:
    forno.rule(
        "One voucher a month",
        measure="times",
        value="1",
        per="customer",
        window_days=30,
        remedies=["voucher"],
    )
    client = client_of(forno.agent)
    assert "Tell who the customer is" in words(see_options(client, reason_code="late"))
    assert "Voucher up to $41.66" in words(see_options(client, **HERE))
    put_right(forno.lead, so_much("voucher", "5.00"), customer=KIM)
    assert "One voucher a month Voucher One voucher a month: that is fair" in words(
        see_options(client, **HERE)
    )


def test_going_on_with_a_colleagues_case_is_a_contact_and_opens_it_to_oneself(forno: Cast) -> None:
    case = Case.objects.get(pk=put_right(forno.colleague, so_many("reorder"), customer=KIM)["id"])
    client = client_of(forno.agent)
    assert client.get(f"/cases/{case.pk}/").status_code == 404

    told = HERE | {"channel": "phone", "request_id": str(uuid4()), "note": "Came back."}
    for _ in range(2):
        answer = client.post(f"/cases/{case.pk}/continue/", told)
        assert answer["Location"] == f"/cases/{case.pk}/"
    contact = Contact.objects.get()
    assert (contact.employee, contact.note) == (forno.agent, "Came back.")
    assert "Open" in words(client.get(f"/cases/{case.pk}/"))


def test_without_the_reference_a_colleagues_case_can_not_be_taken_up(forno: Cast) -> None:
    case = put_right(forno.colleague, so_many("reorder"), customer=KIM)["id"]
    nameless = put_right(forno.colleague, so_many("reorder"))["id"]
    before = rows_written()
    client = client_of(forno.agent)
    for reference in ("", "555-9999", "%", "Kim Lee"):
        told = {"customer_reference": reference, "channel": "phone"}
        assert client.post(f"/cases/{case}/continue/", told).status_code == 404
        assert client.post(f"/cases/{nameless}/continue/", told).status_code == 404
    assert rows_written() == before


def test_one_does_not_go_on_with_ones_own_case(forno: Cast) -> None:
    case = put_right(forno.colleague, so_many("reorder"), customer=KIM)["id"]
    forno.agent.customer_reference = "555-0142"
    forno.agent.save()
    client = client_of(forno.agent)
    answer = client.post(f"/cases/{case}/continue/", HERE | {"channel": "phone"})
    assert answer.status_code == 403
    assert "This is your own case." in words(answer)
    assert not Contact.objects.exists()


def test_a_new_customer_is_known_from_then_on(forno: Cast) -> None:
    told = HERE | {"customer_name": "Kim Lee", "customer_email": "kim@example.com"}
    send_case(client_of(forno.agent), **told, **ticks("reorder"))
    kim = Customer.objects.get()
    assert (kim.reference, kim.name, kim.email) == ("555-0142", "Kim Lee", "kim@example.com")
