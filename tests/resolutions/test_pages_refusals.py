"""What may not be given: the rule, why and what to say, and what can be done instead."""

from decimal import Decimal

import pytest

from resolutions.errors import OutsideAuthority
from resolutions.models import AuthorityGap, Case, Customer, Resolution
from tests.admin.desk import Desk
from tests.cast import Cast
from tests.pages import ask_again, client_of, see_options, send_case, ticks, value_of, words
from tests.putting_right import give_also, put_right, rows_written, so_much

DISPUTE = {"reason_code": "billing-dispute"}
GIFT_CARD = {
    "effect": "forbid",
    "remedies": ["bill-credit"],
    "rationale": "Gift cards are anonymous.",
    "customer_wording": "I can put the full amount on a new card.",
}


@pytest.mark.once
def test_a_rule_that_forbids_is_told_with_its_why_and_words_before_anyone_asks(scm: Cast) -> None:
    scm.rule("Not cash for a gift card", **GIFT_CARD)
    page = see_options(client_of(scm.agent), **DISPUTE)
    said = words(page)
    assert "Not this time, and why Not cash for a gift card Bill credit" in said
    assert "Gift cards are anonymous. “I can put the full amount on a new card.”" in said
    assert 'name="give-bill-credit"' not in page.content.decode(), "there is nothing to tick"
    assert said.index("Fee waiver up to A$150.00") < said.index("Not cash for a gift card")


def test_a_rule_with_conditions_says_in_words_when_it_holds(scm: Cast) -> None:
    high = [("order_value", "lt", "50"), ("earlier_same", "ge", "2", 90)]
    scm.rule("A small credit", value="5.00", remedies=["bill-credit"], conditions=high)
    told = DISPUTE | {"order_value": "20.00", "customer_reference": "SC-1"}
    for _ in range(2):
        put_right(
            scm.agent, so_much("bill-credit", "4.00"), customer="SC-1",
            reason_code="billing-dispute",
        )  # fmt: skip
    answer = send_case(client_of(scm.agent), **told, **ticks(bill_credit="6.00"))
    only_when = (
        "Only when order value is less than A$50.00 and "
        "earlier resolutions of the same kind in 90 days is at least 2."
    )
    assert only_when in words(answer)
    kept = AuthorityGap.objects.get().decision["binding"]["only_when"]
    assert f"Only when {kept}." == only_when
    page = Desk(scm.manager).page(AuthorityGap.objects.get())
    assert f"only when {kept}" in words(page)


def test_a_refusal_shows_rule_why_and_words_and_what_to_do_instead(scm: Cast) -> None:
    scm.rule("At most fifty", value="50.00", remedies=["bill-credit"])
    client = client_of(scm.agent)
    told = DISPUTE | {"note": "Furious.", "customer_reference": "SC-1"}
    answer = send_case(client, **told, **ticks(bill_credit="62.00"))

    assert answer.status_code == 403
    said = words(answer)
    assert "At most fifty Bill credit, A$62.00 At most fifty: that is fair to everyone." in said
    assert "“At most fifty: here is what I can do.”" in said
    assert said.index("What you can do instead") < said.index("Bill credit up to A$50.00")
    assert not Case.objects.exists()
    assert not Resolution.objects.exists()

    gap = AuthorityGap.objects.get()
    assert (gap.employee, gap.remedy) == (scm.agent, scm.remedies["bill-credit"])
    assert (gap.face_value, str(gap.policy)) == (62, "At most fifty")


def test_after_a_refusal_nothing_typed_is_lost_and_the_next_try_is_a_request_of_its_own(
    scm: Cast,
) -> None:
    client = client_of(scm.agent)
    told = DISPUTE | {"note": "Furious.", "customer_reference": "SC-1", "order_reference": "77"}
    first = client.get("/cases/new/")
    fields = told | {"request_id": value_of(first, "request_id"), "channel": "phone"}
    refused = client.post("/cases/new/", fields | ticks(bill_credit="900.00") | {"act": "give"})

    for name in ("note", "customer_reference", "order_reference"):
        assert value_of(refused, name) == told[name]
    said = words(refused)
    assert "Bill credit, A$900.00 Rep: So that it is put right on the spot." in said
    assert "“I am sorry. Here is what I can do for you right now.”" in said
    assert value_of(refused, "amount-bill-credit") == "150.00", "what may be given of it"
    assert "Give bill credit · A$150.00" in said
    fresh = value_of(refused, "request_id")
    assert fresh
    assert fresh != fields["request_id"]

    again = fields | {"request_id": fresh, "act": "give"} | ticks(bill_credit="100.00")
    assert client.post("/cases/new/", again).status_code == 302
    assert Case.objects.get().note == "Furious."


@pytest.mark.once
def test_the_limit_for_a_case_is_explained_by_the_reason_of_the_tier(forno: Cast) -> None:
    answer = send_case(client_of(forno.agent), reason_code="late", **ticks(money_off="26.00"))
    said = words(answer)
    assert "That is more than is yours for one case Money off the bill, $26.00" in said
    assert "Driver: So that it is put right on the spot." in said


@pytest.mark.once
def test_what_is_typed_beyond_the_limit_is_said_at_once_and_nothing_is_recorded(scm: Cast) -> None:
    scm.rule("At most fifty", value="50.00", remedies=["bill-credit"])
    before = rows_written()
    part = ask_again(client_of(scm.agent), **DISPUTE, **ticks(bill_credit="62.00"))
    said = words(part)
    assert "That is more than you may give. Up to A$50.00 is yours." in said
    assert "At most fifty. At most fifty: that is fair to everyone." in said
    assert "More than you may give. Look above. Give bill credit" in said
    assert rows_written() == before


def test_a_little_further_is_offered_and_said_to_be_read_afterwards(scm: Cast) -> None:
    client = client_of(scm.agent)
    said = words(see_options(client, **DISPUTE))
    assert "A little further, if you think it right Bill credit up to A$180.00" in said
    assert "You decide now; your lead reads it afterwards." in said

    chosen = ticks(bill_credit="170.00")
    said = words(ask_again(client, **DISPUTE, **chosen))
    assert "A little further. You decide now; your lead reads it afterwards." in said
    assert "A little further, read afterwards. Give bill credit · A$170.00" in said

    page = client.get(send_case(client, **DISPUTE, **chosen)["Location"])
    assert "Bill credit a little further, read afterwards A$170.00" in words(page)
    assert Resolution.objects.get().review_afterwards


@pytest.mark.once
def test_a_used_up_month_offers_only_what_goes_over_it(scm: Cast) -> None:
    for amount in ("150.00", "50.00"):
        put_right(scm.agent, so_much("bill-credit", amount), reason_code="outage")
    client = client_of(scm.agent)
    said = words(see_options(client, **DISPUTE))
    assert "You can do this now" not in said
    assert "A little further, if you think it right You decide now" in said
    assert "Bill credit up to A$50.00 Your month is used up; this goes over it." in said

    said = words(ask_again(client, **DISPUTE, **ticks(bill_credit="20.00")))
    assert "Your month goes over by A$20.00" in said


@pytest.mark.once
def test_when_nothing_can_be_given_one_can_still_listen(forno: Cast) -> None:
    for _ in range(5):
        put_right(forno.agent, so_much("money-off", "24.00"))
    said = words(see_options(client_of(forno.agent), reason_code="late"))
    assert "Listen, explain, apologise That is yours to give, always." in said
    assert "Your month is used up until" in said
    assert "Free pizza, Expedited reorder, Money off the bill and Voucher" in said
    assert "Driver: So that it is put right on the spot." in said
    assert "Open the case An explanation was enough" in said


def test_what_a_rule_gave_is_not_given_once_more_from_the_limit(forno: Cast) -> None:
    forno.rule("Cold twice", effect="grant", value="40.00", remedies=["money-off"])
    receipt = put_right(forno.agent, so_much("money-off", "40.00"))
    said = words(client_of(forno.agent).get(f"/cases/{receipt['id']}/give/"))
    assert "Not this time, and why Cold twice Money off the bill" in said
    assert "Voucher up to $41.66" in said, "the limit is there for everything else"
    with pytest.raises(OutsideAuthority):
        give_also(receipt, forno.agent, so_much("money-off", "5.00"))


@pytest.mark.once
def test_what_a_rule_let_a_lead_give_is_said_where_it_leaves_nothing(forno: Cast) -> None:
    forno.rule(effect="grant", value="90.00", remedies=["money-off"], tiers=["Shift lead"])
    opened = put_right(forno.agent)
    give_also(opened, forno.lead, so_much("money-off", "90.00"))
    said = words(client_of(forno.agent).get(f"/cases/{opened['id']}/give/"))
    assert "A rule gave more of it already than your $25.00 for one case Money off" in said


@pytest.mark.once
def test_a_rest_that_is_too_small_is_not_said_to_be_used_up(forno: Cast) -> None:
    receipt = put_right(forno.agent, so_much("money-off", "23.50"))
    said = words(client_of(forno.agent).get(f"/cases/{receipt['id']}/give/"))
    assert "Only $1.50 is left of your $25.00 for this case Free pizza and Expedited" in said
    for amount in ("25.00", "25.00", "25.00", "19.00"):
        put_right(forno.agent, so_much("money-off", amount))
    said = words(see_options(client_of(forno.agent), reason_code="late"))
    assert "Only $2.50 is left of your month, until" in said


@pytest.mark.once
@pytest.mark.parametrize(
    ("told", "where", "words_said"),
    [
        ({"order_value": "abc"}, "order_value", "Write an amount of money, such as 23.50."),
        ({"order_value": "-1"}, "order_value", "Write 0 or more."),
        ({"order_value": "23,50"}, "order_value", "Write it with a point: 23.50."),
        ({"order_value": "1.123456789"}, "order_value", "AUD has 2 decimal places"),
        ({"order_value": "NaN"}, "order_value", "Write an amount of money"),
        ({"order_value": "1" * 30}, "order_value", "Write at most 100,000,000."),
        ({"order_date": "1900-01-01"}, "order_date", "from 1 January 2000 to today."),
        ({"order_date": "tomorrow"}, "order_date", "Write the day of the order"),
        ({"customer_email": "kim@"}, "customer_reference", "Write what the customer is known by"),
        (
            {"customer_reference": "SC-1", "customer_email": "kim@"},
            "customer_email",
            "Write an e-mail address",
        ),
        ({"note": "x" * 1_000_000}, "note", "Write at most 4,000 characters"),
        ({"order_reference": "x" * 81}, "order_reference", "Write at most 80 characters"),
        ({"reason_code": "late-pizza"}, "reason_code", "Pick what went wrong."),
        ({"reason_code": ""}, "reason_code", "Pick what went wrong."),
        ({"channel": "pigeon"}, "channel", "Say where it was told."),
        (ticks(bill_credit="0"), "amount-bill-credit", "Write an amount above zero."),
        (ticks(bill_credit="-5"), "amount-bill-credit", "Write an amount above zero."),
        (ticks(payment_extension="0"), "quantity-payment-extension", "Give a number from 1"),
        (ticks(payment_extension="1.5"), "quantity-payment-extension", "as a whole number"),
        (ticks(something_else="5"), "description-something-else", "Write in a few words"),
    ],
)
def test_bad_input_is_answered_at_the_field_and_nothing_is_written(
    scm: Cast, told: dict[str, str], where: str, words_said: str
) -> None:
    before = rows_written()
    fields = DISPUTE | ticks(extra_data="1") | told
    answer = send_case(client_of(scm.agent), **fields)
    assert answer.status_code == 400
    assert words_said in words(answer)
    assert f'href="#id_{where}"' in answer.content.decode(), "the list of errors leads to the field"
    for name, value in told.items():
        if name in ("order_value", "customer_email", "order_reference", "note"):
            assert value_of(answer, name) == value, "what was typed is kept"
    assert rows_written() == before


@pytest.mark.parametrize("text", ["🍕 مرحبا", "<script>alert(1)</script>", "O'Brien & Söhne"])
def test_any_words_are_kept_as_they_are_and_never_run(scm: Cast, text: str) -> None:
    client = client_of(scm.agent)
    told = DISPUTE | {"customer_reference": text, "customer_name": text, "note": text}
    page = client.get(send_case(client, **told, **ticks(extra_data="1"))["Location"])
    case = Case.objects.get()
    assert (case.note, case.customer) == (text, Customer.objects.get(reference=text, name=text))
    assert text in words(page)
    assert "<script>alert" not in page.content.decode()


def test_a_nul_byte_is_refused_in_words(scm: Cast) -> None:
    before = rows_written()
    for name in ("note", "customer_reference", "order_reference", "order_value"):
        answer = send_case(client_of(scm.agent), **DISPUTE, **{name: "a\x00b"})
        assert answer.status_code == 400
    assert rows_written() == before


@pytest.mark.once
def test_another_divisions_remedy_is_not_there(scm: Cast, orchard: Cast) -> None:
    before = rows_written()
    answer = send_case(client_of(scm.agent), **DISPUTE, **ticks("keep-item"))
    assert answer.status_code == 400
    assert "Choose what you give" in words(answer)
    assert rows_written() == before


@pytest.mark.once
def test_amounts_may_be_typed_as_people_write_them(scm: Cast) -> None:
    told = DISPUTE | {"order_value": "A$ 1,250.00"}
    send_case(client_of(scm.agent), **told, **ticks(bill_credit="$35"))
    assert Case.objects.get().order_value == Decimal("1250.00")
    assert Resolution.objects.get().face_value == 35
