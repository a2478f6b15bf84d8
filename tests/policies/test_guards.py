"""The database itself keeps published rules as they are: raw SQL, on both databases."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from policies.models import Condition, Policy
from tests.cast import LONG_AGO, Cast, draft_rule
from tests.raw_sql import empty_out, execute, guards_down, insert, refused

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PUBLISHED = "A published policy is never changed or deleted"

PARTS = {
    "policies_policy_reason_codes": "reasoncode_id",
    "policies_policy_remedies": "remedy_id",
    "policies_policy_tiers": "authoritytier_id",
    "policies_policy_teams": "team_id",
}


@pytest.fixture
def published(forno: Cast) -> Policy:
    """A rule in force with one of everything."""
    return a_rule(forno, draft=False)


def a_rule(company: Cast, *, draft: bool) -> Policy:
    """A restriction of late pizzas, with one of everything."""
    everything: dict[str, Any] = {
        "value": "10.00",
        "reasons": ["late"],
        "remedies": ["money-off"],
        "tiers": ["Driver"],
        "teams": ["Queens"],
        "conditions": [("minutes_late", "lt", "30")],
    }
    return draft_rule(company, **everything) if draft else company.rule(**everything)


def written(policy: Policy) -> list[Any]:
    """All that the database holds of a rule."""
    return [
        Policy.objects.filter(pk=policy.pk).values().first(),
        list(Condition.objects.filter(policy_id=policy.pk).values()),
        *(
            list(getattr(Policy, scope).through.objects.filter(policy_id=policy.pk).values())
            for scope in ("reason_codes", "remedies", "tiers", "teams")
        ),
    ]


# --- What is published stays ------------------------------------------------------------------

CHANGES = [
    ("value = %s", Decimal("99.00")),
    ("title = %s", "Another"),
    ("rationale = %s", "Another reason."),
    ("customer_wording = %s", "Other words."),
    ("effect = %s", "grant"),
    ("status = %s", "draft"),
    ("starts_at = %s", NOW),
    ("ends_at = %s", NOW),
    ("withdrawn = %s", True),
    ("version = %s", 7),
    ("channels = %s", '["phone"]'),
]


@pytest.mark.parametrize(("change", "value"), CHANGES, ids=[change for change, _ in CHANGES])
def test_a_published_rule_is_not_changed(published: Policy, change: str, value: Any) -> None:
    as_it_was = written(published)
    update = f"UPDATE policies_policy SET {change} WHERE id = %s"
    with refused(PUBLISHED):
        execute(update, value, published.pk)
    assert written(published) == as_it_was
    with guards_down("policies_policy"):
        execute(update, value, published.pk)
    assert written(published) != as_it_was


def test_a_published_rule_is_not_deleted(published: Policy) -> None:
    with refused(PUBLISHED):
        execute("DELETE FROM policies_policy WHERE id = %s", published.pk)
    assert Policy.objects.filter(pk=published.pk).exists()


def test_a_draft_is_changed_and_deleted_freely(forno: Cast) -> None:
    draft = a_rule(forno, draft=True)
    execute("UPDATE policies_policy SET value = %s WHERE id = %s", Decimal(1), draft.pk)
    execute("UPDATE policies_condition SET value = '45' WHERE policy_id = %s", draft.pk)
    for table in ("policies_condition", *PARTS):
        execute(f"DELETE FROM {table} WHERE policy_id = %s", draft.pk)
    execute("DELETE FROM policies_policy WHERE id = %s", draft.pk)


@pytest.mark.parametrize("table", ["policies_condition", *PARTS])
@pytest.mark.parametrize("verb", ["taken away", "moved away", "moved in"])
def test_the_scope_and_conditions_of_a_published_rule_stay(
    forno: Cast, published: Policy, table: str, verb: str
) -> None:
    empty = draft_rule(forno, value="1.00")
    other = draft_rule(
        forno,
        value="1.00",
        reasons=["cold"],
        remedies=["voucher"],
        tiers=["Shift lead"],
        teams=["Brooklyn"],
        conditions=[("order_value", "ge", "1")],
    )
    move = f"UPDATE {table} SET policy_id = %s WHERE policy_id = %s"
    statement, values = {
        "taken away": (f"DELETE FROM {table} WHERE policy_id = %s", [published.pk]),
        "moved away": (move, [empty.pk, published.pk]),
        "moved in": (move, [published.pk, other.pk]),
    }[verb]
    as_it_was = written(published)
    with refused(PUBLISHED):
        execute(statement, *values)
    assert written(published) == as_it_was
    with guards_down(table):
        execute(statement, *values)
    assert written(published) != as_it_was


@pytest.mark.parametrize(("table", "column"), PARTS.items())
def test_nothing_is_added_to_the_scope_of_a_published_rule(
    forno: Cast, published: Policy, table: str, column: str
) -> None:
    others = {
        "reasoncode_id": forno.reasons["cold"],
        "remedy_id": forno.remedies["voucher"],
        "authoritytier_id": forno.tiers["Shift lead"],
        "team_id": forno.teams["Brooklyn"],
    }
    row = {"policy_id": published.pk, column: others[column].pk}
    with refused(PUBLISHED):
        insert(table, **row)
    with guards_down(table):
        insert(table, **row)


def test_no_condition_is_added_to_or_changed_in_a_published_rule(published: Policy) -> None:
    row = {"policy_id": published.pk, "fact": "channel", "operator": "eq", "value": "phone"}
    update = "UPDATE policies_condition SET value = '0' WHERE policy_id = %s"
    with refused(PUBLISHED):
        insert("policies_condition", **row)
    with refused(PUBLISHED):
        execute(update, published.pk)
    with guards_down("policies_condition"):
        insert("policies_condition", **row)
        execute(update, published.pk)


@pytest.mark.postgres
@pytest.mark.parametrize("table", ["policies_policy", "policies_condition", "policies_remedy"])
def test_published_rules_are_not_emptied_out(published: Policy, table: str) -> None:
    with refused(PUBLISHED):
        empty_out(table)
    assert published.conditions.exists()


@pytest.mark.sqlite
def test_a_condition_of_a_published_rule_is_not_replaced_by_one_of_a_draft(
    published: Policy, forno: Cast
) -> None:
    draft, condition = draft_rule(forno, value="5.00"), published.conditions.get()
    row = {"id": condition.pk, "policy_id": draft.pk, "fact": "channel", "operator": "eq"}
    with refused(PUBLISHED):
        execute(
            f"REPLACE INTO policies_condition ({', '.join(row)}, value) "
            "VALUES (%s, %s, %s, %s, 'x')",
            *row.values(),
        )
    assert published.conditions.get() == condition


@pytest.mark.sqlite
@pytest.mark.parametrize("part", sorted(PARTS))
def test_a_part_of_a_published_rule_is_not_taken_by_one_of_a_draft(
    published: Policy, forno: Cast, part: str
) -> None:
    draft, before = a_rule(forno, draft=True), written(published)
    with refused(PUBLISHED):
        execute(
            f"UPDATE OR REPLACE {part} SET id = "
            f"(SELECT id FROM {part} WHERE policy_id = %s) WHERE policy_id = %s",
            published.pk,
            draft.pk,
        )
    assert written(published) == before


@pytest.mark.sqlite
def test_a_published_rule_is_not_taken_by_a_draft_with_its_number(
    published: Policy, forno: Cast
) -> None:
    draft = draft_rule(forno, value="5.00")
    with refused(PUBLISHED):
        execute(
            "UPDATE OR REPLACE policies_policy SET version = %s, series = %s WHERE id = %s",
            published.version,
            published.series.hex,
            draft.pk,
        )
    assert Policy.objects.filter(pk=published.pk).exists()


@pytest.mark.sqlite
@pytest.mark.parametrize("column", ["id", "version"])
def test_a_published_rule_is_not_replaced(published: Policy, column: str) -> None:
    row = Policy.objects.filter(pk=published.pk).values().get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM policies_policy WHERE id = %s", [published.pk])
        names = [about[0] for about in cursor.description]
    copied = ", ".join("'Another'" if name == "title" else name for name in names if name != "id")
    number = str(published.pk) if column == "id" else "NULL"
    with refused(PUBLISHED):
        execute(
            f"REPLACE INTO policies_policy ({', '.join(n for n in names if n != 'id')}, id) "
            f"SELECT {copied}, {number} FROM policies_policy WHERE id = %s",
            published.pk,
        )
    assert Policy.objects.filter(pk=published.pk).values().get() == row


# --- No rule without a reason --------------------------------------------------------------------


def insert_policy(company: Cast, **columns: Any) -> None:
    """Write a published rule that fits, except for the columns given."""
    fitting = {
        "division_id": company.division.pk,
        "series": uuid4().hex,
        "version": 1,
        "status": "published",
        "title": "No cash on gift cards",
        "effect": "restrict",
        "measure": "amount",
        "value": Decimal("10.00"),
        "per": "case",
        "entitlement": False,
        "allows_grace": False,
        "review_afterwards": False,
        "channels": "[]",
        "rationale": "Gift cards are resold for cash.",
        "customer_wording": "I can put it on a new card.",
        "starts_at": LONG_AGO,
        "withdrawn": False,
        "change_reason": "",
        "published_at": LONG_AGO,
    }
    insert("policies_policy", **{**fitting, **columns})


def test_a_rule_that_fits_can_be_inserted(forno: Cast) -> None:
    insert_policy(forno)
    assert Policy.objects.get().title == "No cash on gift cards"


@pytest.mark.parametrize("status", ["published", "draft"])
@pytest.mark.parametrize("blank", ["", "   ", None])
@pytest.mark.parametrize(
    ("column", "constraint"),
    [
        ("rationale", "policy_has_a_rationale"),
        ("customer_wording", "policy_has_customer_wording"),
    ],
)
def test_no_rule_without_a_reason_and_words(
    forno: Cast, column: str, constraint: str, blank: str | None, status: str
) -> None:
    named = constraint if blank is not None else "(?i)not.null"
    with refused(named):
        insert_policy(forno, **{column: blank, "status": status})
    assert not Policy.objects.exists()
    if blank is not None:
        with guards_down("policies_policy", constraint):
            insert_policy(forno, **{column: blank, "status": status})


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"version": None}, "published_policy_is_dated"),
        ({"starts_at": None}, "published_policy_is_dated"),
        ({"published_at": None}, "published_policy_is_dated"),
        ({"measure": ""}, "policy_says_how_much"),
        ({"value": Decimal("-0.01")}, "policy_says_how_much"),
        ({"ends_at": LONG_AGO}, "policy_ends_after_it_starts"),
        ({"entitlement": True}, "only_grants_are_entitlements"),
    ],
    ids=str,
)
def test_a_published_rule_is_dated_and_says_how_much(
    forno: Cast, columns: dict[str, Any], constraint: str
) -> None:
    with refused(constraint):
        insert_policy(forno, **columns)
    with guards_down("policies_policy", constraint):
        insert_policy(forno, **columns)


def test_a_version_is_published_once(forno: Cast) -> None:
    series = uuid4().hex
    insert_policy(forno, series=series)
    with refused("policy_version_once|never changed"):
        insert_policy(forno, series=series)
    insert_policy(forno, series=series, version=2)
