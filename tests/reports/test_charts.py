"""Charts: what they say, what they show where nothing is known, and that both drawings show it."""

import re
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import pytest

from reports.charts import png, svg
from reports.charts.by_month import cost_by_month, satisfaction_by_month
from reports.charts.chart import Chart
from reports.charts.layout import TYPE, WIDTH, Box, Dot, Line, Words, laid_out
from reports.charts.lettering import width_of
from reports.charts.ranked import NamedGaps, NamedRemedy, gaps_by_rule, remedies_by_cost
from reports.charts.scale import scale_of
from reports.charts.use_of_budgets import use_of_budgets
from reports.measures import BudgetUse, Cases, Costs

pytestmark = pytest.mark.once

MONTHS = [date(2025 + (9 + n) // 12, (9 + n) % 12 + 1, 1) for n in range(13)]  # to October 2026
LONG = (
    "W" * 80,
    "Unverhältnismäßigkeitsüberraschungsgutscheinverlängerungsmöglichkeit",
    "東京" * 40,
)

P = TypeVar("P")


def spent(amount: str) -> Costs:
    return Costs(given=1, spent=Decimal(amount))


def said(fives: int, asked: int, threes: int = 0) -> Cases:
    return Cases(asked=asked, score_5=fives, score_3=threes)


def parts(chart: Chart, kind: type[P]) -> list[P]:
    return [part for part in laid_out(chart).parts if isinstance(part, kind)]


def texts(chart: Chart) -> list[str]:
    return [part.text for part in laid_out(chart).parts if isinstance(part, Words)]


def every_chart(currency: str = "USD") -> list[Chart]:
    """One of each kind, with names as long as they get."""
    use = BudgetUse(months=34, over=2, none=5, to_25=27, beyond=2, allotted=Decimal(100))
    return [
        cost_by_month({month: spent("1234567.00") for month in MONTHS[3:]}, MONTHS, currency),
        satisfaction_by_month({month: said(4, 9) for month in MONTHS[::2]}, MONTHS),
        use_of_budgets(use),
        gaps_by_rule([NamedGaps(name, 3, Decimal(9)) for name in LONG * 4], currency),
        remedies_by_cost(
            [NamedRemedy(name, spent("99.00"), said(4, 9)) for name in LONG], currency
        ),
    ]


def test_the_cost_says_where_it_is_and_where_it_was() -> None:
    costs = {MONTHS[-3]: spent("40.00"), MONTHS[-2]: spent("25.00"), MONTHS[-1]: spent("1200.00")}
    chart = cost_by_month(costs, MONTHS, "USD")
    assert chart.says == (
        "$1,200.00 in October 2026; before that between $25.00 in September 2026 and $40.00 in "
        "August 2026."
    )
    assert len(parts(chart, Box)) == 3, "a month before the first figure is a gap"
    assert [cell.text for cell in chart.table.rows[0]] == ["October 2025", "—"]
    assert [cell.for_programs for cell in chart.table.rows[-1]] == ["2026-10", "1200.00"]


def test_the_figure_of_the_last_month_lies_over_no_column() -> None:
    months = [date(2026, month, 1) for month in range(1, 13)]
    costs = {month: spent(f"{2400 - 100 * month.month}.55") for month in months}
    chart = cost_by_month(costs, months, "USD")
    (figure,) = [words for words in parts(chart, Words) if words.kind == "figure"]
    begins = figure.x - width_of(figure.text) * TYPE / 2
    below = [box for box in parts(chart, Box) if box.x + box.width > begins]
    assert len(below) > 1
    assert figure.y < min(box.y for box in below)


def test_a_month_without_anything_given_cost_nothing_and_is_no_gap() -> None:
    chart = cost_by_month({MONTHS[-2]: spent("8.00")}, MONTHS, "USD")
    assert chart.says == "$0.00 in October 2026; before that $8.00 in September 2026."
    assert [mark.value for mark in chart.marks[-3:]] == [None, Decimal("8.00"), Decimal(0)]


def test_what_was_given_back_goes_below_the_line() -> None:
    costs = {MONTHS[-2]: spent("40.00"), MONTHS[-1]: Costs(given_back=Decimal("12.50"))}
    above, below = parts(cost_by_month(costs, MONTHS, "AUD"), Box)
    assert isinstance(above, Box)
    assert isinstance(below, Box)
    assert above.y + above.height == below.y, "both begin at zero"


def test_a_month_in_which_nobody_answered_is_a_gap_and_not_a_zero() -> None:
    cases = {
        MONTHS[-4]: said(2, 4),
        MONTHS[-3]: said(1, 4, threes=1),
        MONTHS[-2]: said(0, 7),
        MONTHS[-1]: said(3, 5),
    }
    chart = satisfaction_by_month(cases, MONTHS)
    assert len(parts(chart, Dot)) == 3
    lines = [part for part in parts(chart, Line) if part.kind == "mark"]
    assert len(lines) == 1, "no line leads over the gap"
    assert chart.says == (
        "5.0 of 5 (3 of 5 answered) in October 2026; before that between 4.0 of 5 (2 of 4 answered)"
        " in August 2026 and 5.0 of 5 (2 of 4 answered) in July 2026."
    )
    assert [cell.text for cell in chart.table.rows[-2]] == ["September 2026", "—", "0", "7"]


def test_one_month_is_told_as_one() -> None:
    chart = cost_by_month({MONTHS[-1]: spent("5.00")}, MONTHS, "KWD")
    assert chart.says == "KWD\xa05.000 in October 2026; nothing is known of the months before."


@pytest.mark.parametrize(
    "chart",
    [
        cost_by_month({}, MONTHS, "USD"),
        satisfaction_by_month({}, MONTHS),
        use_of_budgets(BudgetUse()),
        gaps_by_rule([], "USD"),
        remedies_by_cost([], "USD"),
    ],
)
def test_where_there_is_nothing_it_is_said(chart: Chart) -> None:
    assert (chart.is_empty, chart.says) == (True, "Nothing yet.")
    assert parts(chart, Box) == parts(chart, Dot) == []
    assert "NaN" not in svg.drawn(chart)
    assert png.drawn(chart).data.startswith(b"\x89PNG")


def test_budgets_are_a_distribution_and_over_is_told_by_a_word() -> None:
    use = BudgetUse(
        months=10, over=2, none=3, to_25=4, to_100=1, beyond=2, allotted=Decimal(80),
        spent=Decimal(60),
    )  # fmt: skip
    chart = use_of_budgets(use)
    assert chart.says == (
        "Of 10 people’s months 2 went over the budget and 3 used none of it; all together used "
        "75\xa0%."
    )
    assert [mark.written for mark in chart.marks] == ["3", "4", "0", "0", "1", "2"]
    further = [mark for mark in chart.marks if mark.further]
    assert [(mark.label, mark.said) for mark in further] == [("Over", "Over: 2 people’s months")]


def test_many_rules_are_put_together_at_the_end_and_stand_in_the_table() -> None:
    gaps = [NamedGaps(f"Rule {n}", n, Decimal(n)) for n in range(1, 12)]
    chart = gaps_by_rule(gaps, "USD")
    assert chart.says == "66 times in all; most often, 11 times, because of “Rule 11”."
    assert [mark.label for mark in chart.marks][-2:] == ["Rule 4", "3 others"]
    assert (chart.marks[-1].written, chart.marks[-1].aside) == ("6", "$6.00, had it been given")
    assert len(chart.table.rows) == 11
    assert len(gaps_by_rule(gaps[:9], "USD").marks) == 9, "one alone is never “others”"


def test_a_remedy_has_its_score_beside_its_cost_and_never_alone() -> None:
    chart = remedies_by_cost(
        [
            NamedRemedy("Voucher", spent("10.00"), said(0, 6)),
            NamedRemedy("Free pizza", spent("30.00"), said(3, 8, threes=1)),
        ],
        "USD",
    )
    assert chart.says == "“Free pizza” cost most: $30.00 (4.5 of 5, 4 of 8 answered)."
    assert texts(chart) == [
        *("Free pizza", "$30.00", "4.5 of 5, 4 of 8 answered"),
        *("Voucher", "$10.00", "0 of 6 answered"),
    ]


def test_other_remedies_have_a_cost_and_no_score() -> None:
    remedies = [NamedRemedy(f"No. {n}", spent("1.00"), said(1, 1)) for n in range(12)]
    last = remedies_by_cost(remedies, "USD").marks[-1]
    assert (last.label, last.written, last.aside) == ("4 others", "$4.00", "")


@pytest.mark.parametrize(
    ("values", "lines"),
    [
        (["0", "1288"], ["0", "500", "1,000", "1,500"]),
        (["3"], ["0", "1", "2", "3"]),
        (["0"], ["0", "1"]),
        (["-12.5", "40"], ["-20", "0", "20", "40"]),
        ([], ["0", "1"]),
    ],
)
def test_a_scale_has_round_lines_and_zero(values: list[str], lines: list[str]) -> None:
    scale = scale_of(map(Decimal, values), lambda line: f"{line:,.0f}")
    assert [words for _, words in scale.lines] == lines


@pytest.mark.parametrize("currency", ["USD", "JPY", "KWD"])
def test_nothing_reaches_out_of_the_drawing(currency: str) -> None:
    for chart in every_chart(currency):
        layout = laid_out(chart)
        for part in layout.parts:
            if isinstance(part, Words):
                wide = width_of(part.text) * TYPE
                left = {"start": 0.0, "middle": wide / 2, "end": wide}[part.anchor]
                assert part.x - left >= -0.1, part
                assert part.x - left + wide <= WIDTH + 0.1, part
                assert 0 < part.y <= layout.height, part


def test_every_digit_has_the_same_room_as_it_is_drawn_as_wide() -> None:
    assert {width_of(digit) for digit in "0123456789"} == {width_of("0")}


def test_what_was_said_in_words_only_has_no_price() -> None:
    chart = gaps_by_rule([NamedGaps("Said in words only", 2, Decimal(0))], "USD")
    assert chart.marks[0].aside == ""


def test_a_page_gets_a_drawing_with_a_title_a_sentence_and_no_style_of_its_own() -> None:
    for chart in every_chart():
        drawing = svg.drawn(chart)
        root = ET.fromstring(drawing)
        assert (root.get("role"), root[0].text, root[1].text) == ("img", chart.title, chart.says)
        assert "style=" not in drawing
        assert len(drawing) < 6_000


def test_a_name_is_never_read_as_markup() -> None:
    name = '<script>alert("1")</script> & "'
    drawing = svg.drawn(gaps_by_rule([NamedGaps(name, 1, Decimal(1))], "USD"))
    ET.fromstring(drawing)
    assert "<script>" not in drawing


def test_a_mail_gets_a_picture_twice_as_sharp_as_it_is_shown() -> None:
    remedy = NamedRemedy("Two for $5 or $6^", spent("5.00"), said(1, 2))  # no formula
    picture = png.drawn(remedies_by_cost([remedy], "USD"))
    width, height = struct.unpack(">II", picture.data[16:24])
    assert abs(width - 2 * picture.width) <= 1
    assert abs(height - 2 * picture.height) <= 1
    assert len(picture.data) < 60_000


def test_pictures_have_the_light_colours_of_the_pages() -> None:
    tokens = Path("config/static/tokens.css").read_text()
    light = dict(re.findall(r"--(\w+): light-dark\((#\w+),", tokens))
    assert {name: light[name] for name in png.COLOURS} == png.COLOURS


def test_who_draws_no_picture_does_not_load_what_draws_them() -> None:
    asks = "import reports.charts.png, sys; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asks], check=False).returncode == 0
