"""The columns of a matrix, in their order, each with what it means: the template tells it."""

from dataclasses import dataclass
from enum import StrEnum

from policies.models import Channel, Effect, Measure, Per
from policies.models.policies import LONGEST_WORDS


class Kind(StrEnum):
    """How a spreadsheet keeps a cell of the column."""

    TEXT = "text"
    NUMBER = "number"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its heading, with words for it and what may stand in it."""

    name: str
    label: str
    about: str
    allowed: str
    example: str
    kind: Kind = Kind.TEXT
    width: int = 16
    empty: str = "empty"  # what an empty cell means


_LIST = "with ; between them; empty: all. A name with ; in it stands in quotation marks."
_YES_NO = "yes or no; empty: no"
_WORDS = f"a sentence or two, at most {LONGEST_WORDS:,} characters; never empty"

COLUMNS: tuple[Column, ...] = (
    Column(
        "rule_id", "Rule", "Which rule is changed. An export writes it; leave it as it is.",
        "empty in a sheet of your own: the title then says which rule is meant, and a title that "
        "no rule and no draft has yet makes a new rule", "",
    ),
    Column(
        "title", "Title", "What colleagues would call the rule.", "up to 120 characters",
        "Never more than the order", width=34,
    ),
    Column(
        "effect", "Effect", "Whether it grants at least, restricts to at most, or forbids.",
        ", ".join(Effect.values), "restrict",
    ),
    Column(
        "measure", "Counted as", "What the value is: an amount of money at face value, a "
        "percentage of the order, a quantity in the remedy's unit, or a number of times.",
        f"{', '.join(Measure.values)}; empty where the rule forbids", "percent", empty="nothing",
    ),
    Column(
        "value", "How much", "The limit. Amounts are in your currency.",
        "a number: 25.00, 80, 14; a percentage may have its sign; empty where the rule forbids",
        "100", Kind.NUMBER, empty="not at all",
    ),
    Column(
        "per", "Together per", "What is counted together.", f"{', '.join(Per.values)}; empty: case",
        "order",
    ),
    Column(
        "window_days", "Within days", "Per customer: within so many days.",
        "a whole number; empty: ever", "90", Kind.NUMBER, empty="ever",
    ),
    Column(
        "reason_codes", "Reason codes", "After what it holds.", f"codes or names {_LIST}",
        "late; wrong-order", width=24, empty="all",
    ),
    Column(
        "remedies", "Remedies", "For what can be given.", f"codes or names {_LIST}",
        "money-off; voucher", width=24, empty="all",
    ),
    Column(
        "tiers", "Tiers", "Given by whom.", f"names {_LIST}", "Driver; Shift lead", width=22,
        empty="all",
    ),
    Column("teams", "Teams", "In which teams.", f"names {_LIST}", "", width=18, empty="all"),
    Column(
        "channels", "Channels", "Where the customer told of it.",
        f"{', '.join(Channel.values)} {_LIST}", "phone; chat", width=18, empty="all",
    ),
    Column(
        "conditions", "Only if", "All of them have to hold. A fact by its key or its label, a "
        "comparison, and a value; earlier resolutions are counted “in 90 days”.",
        "the signs = != < <= > >= in, or the words is, is not, is less than, is at most, is more "
        "than, is at least, is one of; with ; between conditions; empty: always",
        "minutes_late >= 30; earlier_resolutions in 90 days = 0; channel in (phone, chat)",
        width=40, empty="always",
    ),
    Column(
        "entitlement", "Owed", "The customer is owed it: charged to the division, not to the "
        "employee's month. For grants only.", _YES_NO, "no",
    ),
    Column(
        "allows_grace", "Grace", "A restriction beyond which the tier's grace may go.", _YES_NO,
        "no",
    ),
    Column(
        "review_afterwards", "Looked at afterwards", "Someone reads what was decided under it. "
        "Nobody has to wait.", _YES_NO, "no",
    ),
    Column(
        "rationale", "Why", "The employee reads it, above all when the rule says no.",
        _WORDS, "Nobody is better off after a fault.", width=44,
    ),
    Column(
        "customer_wording", "Words to the customer", "As it is said, beginning with what can be "
        "done.", _WORDS, "I can give you back all that you paid.",
        width=44,
    ),
    Column(
        "starts_at", "From", "From when on it holds, in your time zone.",
        "2026-03-01 or 2026-03-01 09:30, or a date cell; empty or past: from the moment it is "
        "published", "2026-03-01", Kind.MOMENT, 18, empty="as soon as it is published",
    ),
    Column(
        "ends_at", "Until", "The moment at which it ends; a day alone means its beginning.",
        "as above; empty: until it is changed", "", Kind.MOMENT, 18, empty="until it is changed",
    ),
)  # fmt: skip

BY_NAME = {column.name: column for column in COLUMNS}
KEY = "title"  # the column that every file has
