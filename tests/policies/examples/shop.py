"""The remedies that the examples give, and short ways to ask about them."""

from decimal import Decimal

from policies.authority import decide, options
from policies.decision import Decision, Verdict
from policies.question import Question
from policies.rules import RemedyTerms, Rule, Rulebook
from tests.policies.builders import ask, by_unit, remedy, rule, rulebook

WITHIN, GRACE, OUTSIDE = Verdict.WITHIN, Verdict.GRACE, Verdict.OUTSIDE

money_off = remedy("money-off", id=1)
free_pizza = by_unit("free-pizza", "5.00", "15.00", id=2, max_quantity=2, unit_plural="pizzas")
reorder = by_unit("reorder", "4.00", id=3, max_quantity=1)
voucher = remedy("voucher", id=4, cost_share="0.60")
keep_item = by_unit("keep-item", "0", "0", id=5, max_quantity=3)
extension = by_unit("extension", "0.40", "0", id=6, max_quantity=30)

never_more_than_the_order = rule("restrict", "100", measure="percent", remedies=[money_off])
damaged_on_arrival = rule(
    "grant", "100", measure="percent", entitlement=True, title="Damaged on arrival"
)


def decision(rules: list[Rule], about: Question, of: RemedyTerms, measure: str) -> Decision:
    """The decision on giving so much of one remedy."""
    (answer,) = decide(rulebook([of], rules), about, [ask(of, measure)])
    return answer


def limit(rules: list[Rule], about: Question, of: RemedyTerms = money_off) -> Decimal:
    """How much of one remedy can be given now."""
    (option,) = options(rulebook([of], rules), about)
    return option.limit


def limits(book: Rulebook, about: Question, *chosen: tuple[RemedyTerms, str]) -> dict[str, Decimal]:
    """How much of every remedy can be given now, next to what is chosen."""
    found = options(book, about, [ask(of, measure) for of, measure in chosen])
    return {option.remedy.code: option.limit for option in found}
