"""What changed, in sentences that are true of every month."""

import re
from collections.abc import Sequence
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reports.charts.ranked import NamedGaps
from reports.figures import By
from reports.measured.headline import Sums
from reports.measures import BudgetUse, Cases, Costs
from reports.monthly.known import Known
from reports.monthly.sentences import Month, Part, sentences

FORNO: Any = SimpleNamespace(currency="USD", approval_cost=Decimal("7.00"))
NOBODY = Costs(), Cases()


def costs(spent: int, given: int = 10) -> Costs:
    return Costs(given=given, spent=Decimal(spent))


def scored(low: int, high: int, **sums: int) -> Cases:
    """So many gave a 2, and so many a 5; twice as many were asked."""
    count = low + high
    told = {"cases": count, "put_right": count, "asked": 2 * count}
    return Cases(**(told | sums), score_2=low, score_5=high)


def known(of: tuple[Costs, Cases]) -> Known:
    return Known.of_sums(Sums(*of, BudgetUse()), FORNO)


def part(
    name: str, *, by: By = By.REMEDY, now: tuple[Costs, Cases], before: tuple[Costs, Cases]
) -> Part:
    return Part(
        by=by,
        name=name,
        costs=now[0],
        costs_before=before[0],
        cases=now[1],
        cases_before=before[1],
    )


def told(
    now: tuple[Costs, Cases],
    before: tuple[Costs, Cases] | None,
    *,
    parts: Sequence[Part] = (),
    stopped: Sequence[NamedGaps] = (),
    before_in_words: str = "in September",
) -> tuple[str, ...]:
    return sentences(
        Month(
            named="October",
            before_in_words=before_in_words,
            currency="USD",
            now=known(now),
            before=known(before) if before else None,
            parts=parts,
            stopped=stopped,
        )
    )


def plain(said: Sequence[str]) -> list[str]:
    return [sentence.replace("\N{NO-BREAK SPACE}", " ") for sentence in said]


def test_what_changed_is_said_with_where() -> None:
    said = told(
        (costs(300), scored(12, 18)),
        (costs(200), scored(5, 25)),
        parts=[
            part(
                "Money off",
                now=(costs(250), scored(3, 9)),
                before=(costs(170), scored(3, 9)),
            ),
            part("Voucher", now=(costs(50), scored(9, 9)), before=(costs(30), scored(2, 16))),
        ],
    )
    assert plain(said) == [
        (
            "October cost $300.00, which is 50 % more than in September. "
            "Most of that was for “Money off”: $80.00 more."
        ),
        (
            "Satisfaction fell from 4.5 to 3.8 of 5 (30 of 60 answered). "
            "That weighs most for “Voucher”: from 4.7 to 3.5."
        ),
    ]


def test_a_part_that_outweighs_the_whole_stands_alone() -> None:
    said = told(
        (costs(110), Cases()),
        (costs(100), Cases()),
        parts=[
            part("brooklyn", by=By.TEAM, now=(costs(80), Cases()), before=(costs(30), Cases())),
            part("Queens", by=By.TEAM, now=(costs(30), Cases()), before=(costs(70), Cases())),
        ],
    )
    assert plain(said) == [
        (
            "October cost $110.00, which is 10 % more than in September. "
            "In the team “brooklyn” alone it was $50.00 more."
        )
    ]


def test_of_a_single_team_nothing_is_said_that_the_whole_does_not_say() -> None:
    only = part("Queens", by=By.TEAM, now=(costs(90), Cases()), before=(costs(60), Cases()))
    (said,) = told((costs(90), Cases()), (costs(60), Cases()), parts=[only])
    assert "Queens" not in said


def test_nothing_is_read_from_few() -> None:
    said = told(
        (costs(90, given=4), scored(1, 3)),
        (costs(20, given=30), scored(0, 40)),
        stopped=[NamedGaps("Gift cards", 4, Decimal(40))],
    )
    assert plain(said) == [
        (
            "October cost $90.00, after $20.00 in September: "
            "too few remedies were given to read anything from that."
        ),
        "Of the customers who were asked how it went, 4 of 8 answered: too few to read from.",
    ]


def test_months_without_anything_are_said_plainly() -> None:
    assert told(NOBODY, None) == ("Nothing was given in October.",)
    assert told(NOBODY, NOBODY) == ("Nothing was spent in October, as in September.",)
    assert plain(told(NOBODY, (costs(50), Cases()))) == [
        "Nothing was spent in October, after $50.00 in September."
    ]
    assert plain(told((costs(50), Cases()), NOBODY)) == [
        "October cost $50.00, after nothing in September."
    ]
    assert plain(told((costs(50), Cases(cases=1, put_right=1)), None)) == [
        "October cost $50.00, with 1 case put right."
    ]
    back = Costs(given_back=Decimal(5), returned=1), Cases()
    assert plain(told(back, NOBODY)) == ["In October, $5.00 more came back than was spent."]
    assert plain(told((costs(50), Cases()), (costs(50), Cases()))) == [
        "October cost $50.00, the same as in September."
    ]


def test_a_change_too_small_to_be_told_is_about_the_same() -> None:
    (said,) = told((costs(100_001), Cases()), (costs(100_000), Cases()))
    assert said == "October cost $100,001.00, about the same as in September."


def test_a_third_sentence_tells_of_first_contact_or_of_what_could_not_be_done() -> None:
    stopped = [NamedGaps("Gift cards", 12, Decimal(340))]
    watched = scored(0, 10, watched=20, came_again=2), scored(0, 10, watched=20, came_again=4)
    now, before = (costs(9), watched[0]), (costs(9), watched[1])
    assert plain(told(now, before, stopped=stopped))[2] == (
        "90 % of the cases were solved at first contact, 10 points more than in September."
    )
    assert plain(told(now, now, stopped=stopped))[2] == (
        "What people could not do was most often stopped by “Gift cards”: 12 times, and would have "
        "cost $340.00."
    )


counts = st.integers(0, 12)
sums = st.tuples(
    st.builds(
        Costs,
        given=counts,
        spent=st.integers(0, 40).map(Decimal),
        lent=st.integers(0, 3).map(Decimal),
        given_back=st.integers(0, 20).map(Decimal),
    ),
    st.builds(
        lambda put_right, low, high, watched, again: scored(
            low, high, cases=put_right, put_right=put_right, watched=watched, came_again=again
        ),
        *(counts, counts, counts, st.integers(12, 24), counts),
    ),
)
named = st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=12)
parts = st.builds(
    lambda name, by, now, before: part(name, by=by, now=now, before=before),
    *(named, st.sampled_from([By.TEAM, By.REMEDY, By.REASON]), sums, sums),
)


@settings(max_examples=80, deadline=None)
@given(now=sums, before=st.none() | sums, parts=st.lists(parts, max_size=5))
def test_every_month_can_be_told_and_what_is_said_of_its_cost_is_so(
    now: tuple[Costs, Cases], before: tuple[Costs, Cases] | None, parts: list[Part]
) -> None:
    said = told(now, before, parts=parts)
    assert 1 <= len(said) <= 3
    cost = now[0].spent + now[0].lent - now[0].given_back
    was = before[0].spent + before[0].lent - before[0].given_back if before else None
    first = plain(said)[0]
    if cost > 0:
        assert f"${cost:.2f}" in first
    compared = re.search(r"(more|less) than in September", first)
    if compared and was is not None:
        assert (compared[1] == "more") == (cost > was)
    if was is None:
        assert "September" not in first
    for sentence in said:
        assert sentence.endswith((".", "”")), sentence
        assert "None" not in re.sub("“.*?”", "", sentence)
