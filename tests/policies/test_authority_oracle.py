"""Authority and its oracle, a slow and obvious second implementation, always agree."""

from hypothesis import given

from policies.authority import Ask, decide, options
from policies.question import Question
from policies.rules import Rulebook
from tests.policies.oracle import offers, opinions, read
from tests.policies.strategies import law, situations

Situation = tuple[Rulebook, Question, tuple[Ask, ...]]


@law
@given(situations())
def test_decisions_are_those_of_the_oracle(situation: Situation) -> None:
    assert [read(decision) for decision in decide(*situation)] == opinions(*situation)


@law
@given(situations())
def test_options_are_those_of_the_oracle(situation: Situation) -> None:
    assert [read(decision) for decision in options(*situation)] == offers(*situation)
