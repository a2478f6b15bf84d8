"""Invents rules as odd as a database holds them, in a division whose names are odd, too."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from employees.models import AuthorityTier, Team
from policies.facts import FactKind, FactTerms
from policies.matrix.rows import plain
from policies.models import Channel, ReasonCode, Remedy
from tests.cast import Cast

ODD_NAMES = (
    'Lead; "night" shift',
    "=SUM(A1)",
    "-1, really",
    "'tis \u00e9t\u00e9 \U0001f355",
    "\u05e9\u05dc\u05d5\u05dd",
    "@home",
    "_x0041_",
    '"quoted"',
    "(in)",
    "100%",
    "001",
    "TRUE",
)
SEGMENTS = ("gold", "a; b", 'so "new"', "(odd)", "= 1", "not here", "in 90 days", "5%", "x, y")
SOON = datetime(2027, 1, 1, 12, 30, tzinfo=UTC)

_text = st.one_of(
    st.sampled_from(
        [
            "-5 % is \u201cenough\u201d;\nnever more",
            "=1+1",
            "two\r\nlines, \u2603",
            "'quoted",
            "\u000btab\tbell\u0007",
            "+1",
            "_x000D_",
        ]
    ),
    st.text(min_size=1, max_size=60).filter(lambda text: text.strip("\x00") == text),
).filter(lambda text: bool(plain(text)) and "\x00" not in text and text == text.strip())


def give_odd_names(company: Cast) -> Cast:
    """Call tiers, teams, remedies and reason codes of a company as nobody would."""
    for place, name in enumerate(ODD_NAMES):
        AuthorityTier.objects.create(
            division=company.division, name=name, limit_per_case=place, monthly_budget=place,
            rationale="Odd.",
        )  # fmt: skip
        Team.objects.create(division=company.division, name=name)
    for kind in ("tiers", "teams"):
        rows = getattr(company.division, kind).all()
        getattr(company, kind).update({row.name: row for row in rows})
    Remedy.objects.filter(division=company.division, code="voucher").update(name=ODD_NAMES[0])
    ReasonCode.objects.filter(division=company.division, code="cold").update(name=ODD_NAMES[1])
    return company


@st.composite
def rules(draw: st.DrawFn, facts: dict[str, FactTerms], place: int) -> dict[str, Any]:
    """A rule as `tests.cast.rule` takes it; every one of a file has a title of its own."""
    effect = draw(st.sampled_from(["grant", "restrict", "forbid"]))
    measure = "" if effect == "forbid" else draw(_measures(effect))
    per = draw(st.sampled_from(["case", "order", "customer"]))
    counted = measure == "quantity" or (measure == "times" and effect == "grant")
    remedies = ["free-pizza", "reorder"] if counted else ["money-off", "voucher", "free-pizza"]
    conditions = draw(st.lists(_conditions(facts), max_size=3))
    asks = any(fact == "minutes_late" for fact, *_ in conditions)
    reasons = ["late"] if asks else draw(_some(["late", "cold", "wrong-order"]))
    ends = draw(st.sampled_from([None, None, SOON + timedelta(days=40)]))
    return {
        "title": f"{draw(st.sampled_from(ODD_NAMES))} {place}",
        "effect": effect,
        "measure": measure,
        "value": None if effect == "forbid" else draw(_values(measure)),
        "per": per,
        "window_days": draw(st.sampled_from([None, 1, 90])) if per == "customer" else None,
        "entitlement": effect == "grant" and draw(st.booleans()),
        "allows_grace": draw(st.booleans()),
        "review_afterwards": draw(st.booleans()),
        "remedies": draw(_some(remedies, least=int(counted))),
        "reasons": reasons,
        "tiers": draw(_some(list(ODD_NAMES))),
        "teams": draw(_some(list(ODD_NAMES))),
        "channels": draw(_some(list(Channel.values))),
        "conditions": conditions,
        "rationale": draw(_text),
        "customer_wording": draw(_text),
        "ends_at": ends,
        **draw(st.sampled_from([{}, {}, {"starts_at": SOON}])),
    }


def _measures(effect: str) -> st.SearchStrategy[str]:
    return st.sampled_from(["amount", "percent", "quantity", "times"])


def _values(measure: str) -> st.SearchStrategy[str]:
    if measure in ("times", "quantity"):
        return st.integers(0, 40).map(str)
    places = 2 if measure == "amount" else 4
    return st.integers(0, 10**9).map(lambda units: str(Decimal(units).scaleb(-places)))


def _some(names: list[str], least: int = 0) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), min_size=least, max_size=3, unique=True)


@st.composite
def _conditions(draw: st.DrawFn, facts: dict[str, FactTerms]) -> tuple[Any, ...]:
    fact = facts[draw(st.sampled_from(sorted(facts)))]
    ordered = fact.kind in (FactKind.NUMBER, FactKind.MONEY)
    operator = draw(st.sampled_from(["eq", "ne", "in"] + ["lt", "le", "gt", "ge"] * ordered))
    values = _compared(fact)
    value = draw(values)
    if operator == "in":
        listed = draw(st.lists(values, min_size=1, max_size=3))
        value = draw(st.sampled_from([",", " , "])).join(v.replace(",", "") for v in listed)
    days = (draw(st.sampled_from([1, 90])),) if fact.windowed and draw(st.booleans()) else ()
    return (fact.key, operator, value, *days)


def _compared(fact: FactTerms) -> st.SearchStrategy[str]:
    match fact.kind:
        case FactKind.YES_NO:
            return st.sampled_from(["yes", "no", "TRUE", "0"])
        case FactKind.CHOICE:
            known = fact.choices or (Channel.values if fact.key == "channel" else SEGMENTS)
            return st.sampled_from(list(known))
    return st.sampled_from(["0", "30", "49.99", "50.000", "+7", "1000000"])
