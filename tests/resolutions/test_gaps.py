"""Whatever the rules refuse is recorded as a gap, with the rule and what to give instead."""

from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from budgets.models import Budget
from resolutions.errors import InvalidCase, OutsideAuthority
from resolutions.gaps import say_what_could_not_be_done
from resolutions.models import AuthorityGap, Case, Resolution
from resolutions.problem import Give
from tests.cast import Cast
from tests.putting_right import give_also, put_right, so_many, so_much


def refusal(company: Cast, *gives: Give, request_id: UUID | None = None) -> list[dict[str, object]]:
    """The decisions of a refusal of the company's agent, for its customer C-1."""
    with pytest.raises(OutsideAuthority) as refused:
        put_right(company.agent, *gives, customer="C-1", request_id=request_id)
    decisions: list[dict[str, object]] = refused.value.refusal["decisions"]
    return decisions


def test_a_refusal_records_who_what_how_much_and_which_rule(forno: Cast) -> None:
    rule = forno.rule("No more than ten", value="10.00", remedies=["money-off"])
    request_id = uuid4()
    put_right(forno.colleague, customer="C-1")

    refusal(forno, so_much("money-off", "12.00"), request_id=request_id)

    gap = AuthorityGap.objects.get()
    assert (gap.division, gap.employee, gap.tier) == (
        forno.division,
        forno.agent,
        forno.tiers["Driver"],
    )
    assert (gap.reason_code, gap.remedy, gap.policy, gap.bound) == (
        forno.reasons["late"],
        forno.remedies["money-off"],
        rule,
        "restriction",
    )
    assert (gap.face_value, gap.cost, gap.quantity) == (Decimal("12.00"), Decimal("12.00"), None)
    assert gap.customer is not None
    assert (gap.customer.reference, gap.case, gap.request_id) == ("C-1", None, request_id)


def test_a_refusal_says_why_what_to_say_and_what_can_be_given_instead(forno: Cast) -> None:
    forno.rule("No cash", effect="forbid", remedies=["money-off"])

    (decision,) = refusal(forno, so_much("money-off", "12.00"))

    binding = decision["binding"]
    assert isinstance(binding, dict)
    assert binding["rationale"] == "No cash: that is fair to everyone."
    assert binding["customer_wording"] == "No cash: here is what I can do."
    alternatives = decision["alternatives"]
    assert isinstance(alternatives, list)
    assert {row["remedy"]: row["limit"] for row in alternatives} == {
        "free-pizza": "2",
        "reorder": "1",
        "voucher": "41.66",
    }
    assert AuthorityGap.objects.get().decision == decision


def test_only_what_was_refused_is_a_gap(forno: Cast) -> None:
    decisions = refusal(forno, so_many("reorder"), so_much("money-off", "30.00"))

    assert [d["verdict"] for d in decisions] == ["within", "outside"]
    assert [gap.remedy.code for gap in AuthorityGap.objects.all() if gap.remedy] == ["money-off"]


def test_a_refusal_moves_nothing(forno: Cast) -> None:
    refusal(forno, so_many("reorder"), so_much("money-off", "30.00"))

    month = Budget.objects.get()
    assert (month.spent, month.entries.count()) == (Decimal(0), 1)
    assert not Case.objects.exists()
    assert not Resolution.objects.exists()


def test_a_quantity_that_was_refused_is_kept_as_one(forno: Cast) -> None:
    refusal(forno, so_many("free-pizza", 3))

    gap = AuthorityGap.objects.get()
    assert (gap.quantity, gap.cost, gap.face_value) == (3, Decimal("15.00"), Decimal("45.00"))
    assert gap.bound == "remedy"


def test_an_empty_budget_is_a_gap_of_the_budget(forno: Cast) -> None:
    forno.agent.personal_budget = Decimal("3.00")
    refusal(forno, so_many("reorder"))

    assert AuthorityGap.objects.get().bound == "budget"


def test_a_refusal_in_a_case_belongs_to_it(forno: Cast) -> None:
    case = put_right(forno.agent, so_much("money-off", "20.00"), customer="C-1")
    with pytest.raises(OutsideAuthority):
        give_also(case, forno.colleague, so_many("free-pizza", 2))

    gap = AuthorityGap.objects.get()
    assert (gap.case_id, gap.employee, gap.bound) == (case["id"], forno.colleague, "tier")
    assert len(give_also(case, forno.colleague, so_many("reorder"))["resolutions"]) == 2


def test_an_agent_can_say_in_words_what_they_could_not_do(forno: Cast) -> None:
    receipt = put_right(forno.agent, customer="C-1")
    case = Case.objects.get(pk=receipt["id"])

    in_case = say_what_could_not_be_done(
        "  They wanted flowers. ", acting_employee=forno.agent, case=case
    )
    alone = say_what_could_not_be_done("Nobody answers at ten.", acting_employee=forno.agent)

    assert (in_case.words, in_case.case, in_case.customer) == (
        "They wanted flowers.",
        case,
        case.customer,
    )
    assert (alone.case, alone.division, alone.cost) == (None, forno.division, Decimal(0))


@pytest.mark.parametrize(
    "words", ["  ", "x" * 4001, "a\x00b", "a\ud800b"], ids=["none", "too many", "NUL", "broken"]
)
def test_words_that_are_missing_or_can_not_be_kept(forno: Cast, words: str) -> None:
    with pytest.raises(InvalidCase) as refusal:
        say_what_could_not_be_done(words, acting_employee=forno.agent)
    assert list(refusal.value.errors) == ["words"]
    assert not AuthorityGap.objects.exists()
