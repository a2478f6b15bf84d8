"""Cases, resolutions, gaps and customers in the admin."""

from typing import Any
from uuid import uuid4

import pytest

from resolutions.conclude import hand_over, take_up_again
from resolutions.decision_words import decision_words, measure
from resolutions.errors import OutsideAuthority
from resolutions.models import AuthorityGap, Case, Customer, FollowUp, NotAsked, Resolution
from resolutions.surveys import answer
from tests.admin.desk import Desk, address, errors
from tests.cast import Cast
from tests.giving_back import gave_back
from tests.putting_right import NOW, put_right, rows_written, so_many, so_much
from tests.surveys import asked, case_of, owed


@pytest.fixture
def desk(forno: Cast, scm: Cast) -> Desk:
    """Forno's manager, after a case with two remedies and something that was refused."""
    forno.rule("Never more than the order", measure="percent", value="100", remedies=["money-off"])
    put_right(
        forno.agent,
        so_many("free-pizza"),
        so_many("reorder"),
        customer="0417-1",
        order_value="23.50",
        order_reference="A-77",
        facts={"minutes_late": "30"},
        note="Wrong toppings.",
    )
    with pytest.raises(OutsideAuthority):
        put_right(forno.agent, so_much("money-off", "24.00"), order_value="20", customer="0417-2")
    put_right(scm.agent, so_much("bill-credit", "35.00"), reason_code="outage", customer="scm-1")
    return Desk(forno.manager)


def the_case(forno: Cast) -> Case:
    return Case.objects.get(division=forno.division)


def test_a_case_shows_all_that_was_told_and_given(desk: Desk, forno: Cast) -> None:
    page = desk.page(the_case(forno)).content.decode()
    for words in (
        "0417-1", "A-77", "$23.50", "minutes late: 30", "Wrong toppings.", "Put right",
        "Free pizza", "Expedited reorder", "$5.00", "$4.00", "Within authority",
    ):  # fmt: skip
        assert words in page
    assert "minutes_late" not in page


@pytest.mark.once
def test_a_case_shows_how_it_went(desk: Desk, forno: Cast) -> None:
    mail = asked(forno)

    def page() -> str:
        return str(desk.page(case_of(mail)).content.decode())

    assert "and have not answered." in page()
    answer(mail, score=2, aspect="again", comment="Three <b>times</b>.", by_hand=True)
    for words in ("They said: 2 of 5", "about having to tell it again", "“Three &lt;b&gt;times"):
        assert words in page()
    left = owed(forno, at=NOW)
    assert "How it went" not in desk.page(case_of(left)).content.decode()
    FollowUp.objects.filter(pk=left.pk).update(not_asked=NotAsked.NO_MORE)
    told = desk.page(case_of(left)).content.decode()
    assert "They were not asked: they asked for no more of these mails." in told


def test_cases_are_found_by_number_customer_and_order(desk: Desk, forno: Cast) -> None:
    case = the_case(forno)
    for typed in (case.number, case.number.lower(), "0417-1", "A-77"):
        assert desk.list(Case, q=typed) == [case], typed
    for typed in ("F-999999", "scm-1", "nobody", "F-" + "9" * 15):
        assert desk.list(Case, q=typed) == [], typed
    foreign = Case.objects.exclude(pk=case.pk).get()
    assert desk.list(Case, q=f"S-{foreign.pk}") == []


def test_the_list_says_what_was_given_at_cost(desk: Desk) -> None:
    page = desk.client.get(address(Case, "changelist")).content.decode()
    assert "$9.00" in page
    assert "scm-1" not in page


def test_cases_are_found_by_what_was_given_and_stands(desk: Desk, forno: Cast) -> None:
    receipt = put_right(forno.agent, so_many("free-pizza"), so_many("reorder"))
    gave_back(forno.manager, receipt, 0)
    pizza, reorder = (forno.remedies[code].pk for code in ("free-pizza", "reorder"))
    assert desk.list(Case, given=pizza) == [
        Case.objects.exclude(pk=receipt["id"]).get(customer__reference="0417-1")
    ]
    assert len(desk.list(Case, given=reorder)) == 2


def test_a_decision_is_read_in_words(desk: Desk) -> None:
    resolution = desk.list(Resolution)[0]
    page = desk.page(resolution).content.decode()
    for words in ("The decision, as it was", "The tier&#x27;s limit for the case", "decided it"):
        assert words in page
    for raw in ("{&quot;", "limit_with_grace", "&#x27;verdict&#x27;"):
        assert raw not in page


def test_a_gap_says_who_wanted_what_and_which_rule_refused(desk: Desk) -> None:
    gap = desk.list(AuthorityGap)[0]
    lists = desk.client.get(address(AuthorityGap, "changelist")).content.decode()
    page = desk.page(gap).content.decode()
    for words in ("Driver1", "$24.00", "Never more than the order", "Money off the bill"):
        assert words in lists
    assert "Outside authority" in page
    assert "Asked for $24.00; the limit was $20.00." in page
    assert desk.list(AuthorityGap, bound="restriction") == [gap]
    assert desk.list(AuthorityGap, bound="tier") == []
    assert desk.list(AuthorityGap, policy__id__exact=gap.policy_id) == [gap]


@pytest.mark.once
@pytest.mark.parametrize("model", [Case, Resolution, AuthorityGap])
def test_what_was_decided_is_never_edited(desk: Desk, model: type[Any]) -> None:
    row, before = desk.list(model)[0], rows_written()
    for page in ("change", "delete"):
        answer = desk.client.post(address(model, page, row.pk), {"state": "open", "post": "yes"})
        assert answer.status_code == 403
    assert desk.client.post(address(model, "add"), {}).status_code == 403
    assert rows_written() == before


def test_a_customer_is_corrected_but_keeps_their_reference(desk: Desk) -> None:
    customer = Customer.objects.get(reference="0417-1")
    desk.change(customer, name="Zoë", email="zoe@example.com", reference="other")
    customer.refresh_from_db()
    assert (customer.name, customer.reference) == ("Zoë", "0417-1")
    assert "email" in errors(desk.change(customer, email="nobody"))
    assert "Their cases" in desk.page(customer).content.decode()
    assert desk.client.post(address(Customer, "add"), {"reference": "x"}).status_code == 403


def test_a_customers_cases_are_a_link_away(desk: Desk, forno: Cast) -> None:
    customer = Customer.objects.get(reference="0417-1")
    assert desk.list(Case, customer__id__exact=customer.pk) == [the_case(forno)]


def test_escalations_are_found_whatever_became_of_them(desk: Desk, forno: Cast) -> None:
    opened = Case.objects.get(pk=put_right(forno.agent)["id"])
    act: dict[str, Any] = {"acting_employee": forno.agent}
    hand_over(opened, to="The office", reason="An allergy.", request_id=uuid4(), **act)
    take_up_again(opened, channel="phone", request_id=uuid4(), **act)
    assert desk.list(Case, escalated="yes") == [opened]
    assert desk.list(Case, escalated="no") == [case for case in desk.list(Case) if case != opened]
    assert len(desk.list(Case)) > 1
    said = desk.page(opened).content.decode()
    assert "handed over to The office" in said
    assert "An allergy." in said


def test_every_column_sorts(desk: Desk) -> None:
    for model in (Case, Resolution, AuthorityGap, Customer):
        columns = desk.client.get(address(model, "changelist")).context["cl"].list_display
        for n in range(len(columns) + 1):
            assert desk.client.get(address(model, "changelist"), {"o": n}).status_code == 200


def test_a_decision_that_was_never_made_has_no_words() -> None:
    assert decision_words({}, "USD") is None


@pytest.mark.parametrize(
    ("value", "of", "words"),
    [
        (None, {}, "no limit"),
        ("9.00", {"measured_in": "amount"}, "$9.00"),
        ("14", {"measured_in": "quantity"}, "14"),
        ("odd", {}, "odd"),
    ],
)
def test_a_measure_in_words(value: str | None, of: dict[str, str], words: str) -> None:
    assert measure(value, of, "USD") == words
