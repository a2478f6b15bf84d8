"""What the database keeps about rules.

A published policy, its scopes and its conditions are never changed or deleted; nor is what someone
confirmed to have read, which is a hard rule that holds for them, or will. What a rule counts by
the piece stays given by the piece while the rule holds. Whatever changes a division's rulebook
raises its version number, so that every process sees it at once.
"""

from employees.triggers import Trigger, never_changes

_READ = "What was read stays read: an acknowledgement is never changed or deleted."
_PUBLISHED = "A published policy is never changed or deleted: publish a new version."
_PARTS = [
    "policies_condition",
    "policies_policy_reason_codes",
    "policies_policy_remedies",
    "policies_policy_tiers",
    "policies_policy_teams",
]


def _parts_never_change(table: str) -> list[Trigger]:
    """What belongs to a published policy stays, and nothing is added to one."""

    def published(row: str) -> str:
        return (
            f"EXISTS (SELECT 1 FROM policies_policy p WHERE p.id = {row}.policy_id "
            "AND p.status = 'published')"
        )

    return [
        *never_changes(table, _PUBLISHED, only=published("OLD")),
        Trigger(f"{table}_insert", table, "BEFORE INSERT", _PUBLISHED, published("NEW")),
        Trigger(f"{table}_moved_in", table, "BEFORE UPDATE", _PUBLISHED, published("NEW")),
    ]


def _raises_version(table: str, event: str, division: str) -> Trigger:
    return Trigger(
        f"{table}_new_rulebook_after_{event.lower()}",
        table,
        f"AFTER {event}",
        do="UPDATE employees_division SET rulebook_version = rulebook_version + 1 "
        f"WHERE id = {division}",
    )


def _raise_version(table: str, division: str, *events: str) -> list[Trigger]:
    return [
        _raises_version(table, event, division.format(row="OLD" if event == "DELETE" else "NEW"))
        for event in events
    ]


_OF_REASON = "(SELECT r.division_id FROM policies_reasoncode r WHERE r.id = {row}.reason_code_id)"
_IF_PUBLISHED = "{row}.division_id AND {row}.status = 'published'"


def _is_about(policy: str) -> str:
    """Whether a rule is about employee `e`, as `own_rules.py` has it."""
    return " AND ".join(
        f"(NOT EXISTS (SELECT 1 FROM {table} s WHERE s.policy_id = {policy}.id) OR EXISTS "
        f"(SELECT 1 FROM {table} s WHERE s.policy_id = {policy}.id AND s.{column} = e.{own}))"
        for table, column, own in (
            ("policies_policy_tiers", "authoritytier_id", "tier_id"),
            ("policies_policy_teams", "team_id", "team_id"),
        )
    )


def _holds_or_will(policy: str, at: str) -> str:
    """Whether a version decides at this moment or later, as `PolicyQuerySet.current` has it."""
    return (
        f"{policy}.status = 'published' AND NOT {policy}.withdrawn "
        f"AND ({policy}.ends_at IS NULL OR {policy}.ends_at > {at}) "
        f"AND NOT EXISTS (SELECT 1 FROM policies_policy n WHERE n.series = {policy}.series "
        f"AND n.status = 'published' AND n.version > {policy}.version "
        f"AND (n.starts_at <= {at} OR n.starts_at <= {policy}.starts_at))"
    )


# A version of the same rule that limits employee `e`, and that the new one takes the place of.
_LIMITS_THEM = (
    "EXISTS (SELECT 1 FROM policies_policy p WHERE p.series = NEW.series "
    "AND p.status = 'published' AND p.effect <> 'grant' AND NOT p.withdrawn AND p.id <> NEW.id "
    "AND (p.ends_at IS NULL OR p.ends_at > NEW.published_at) "
    "AND NOT EXISTS (SELECT 1 FROM policies_policy n WHERE n.series = p.series "
    "AND n.status = 'published' AND n.version > p.version AND n.id <> NEW.id "
    "AND (n.starts_at <= NEW.published_at OR n.starts_at <= p.starts_at)) "
    f"AND {_is_about('p')})"
)

# A hard rule that is about whoever confirms it, and holds then or is still to come.
_TO_BE_READ = (
    "EXISTS (SELECT 1 FROM policies_policy p JOIN employees_employee e "
    "ON e.division_id = p.division_id WHERE p.id = NEW.policy_id AND e.id = NEW.employee_id "
    f"AND p.effect = 'forbid' AND e.tier_id IS NOT NULL AND {_is_about('p')} "
    f"AND {_holds_or_will('p', 'NEW.at')})"
)

# A rule whose number would become an amount of money, as `rules.only_for_units` has it.
_COUNTED = (
    "EXISTS (SELECT 1 FROM policies_policy p JOIN policies_policy_remedies s "
    "ON s.policy_id = p.id WHERE s.remedy_id = NEW.id "
    "AND (p.effect <> 'forbid' AND p.measure = 'quantity' "
    "OR p.effect = 'grant' AND p.measure = 'times') "
    f"AND {_holds_or_will('p', 'CURRENT_TIMESTAMP')})"
)

GUARDS = [
    *(
        Trigger(
            f"nobody_grants_themselves_more_{event.lower()}",
            "policies_policy",
            f"BEFORE {event}",
            "Nobody publishes a rule that lets themselves give more.",
            "EXISTS (SELECT 1 FROM employees_employee e WHERE e.id = NEW.published_by_id "
            "AND e.tier_id IS NOT NULL AND e.division_id = NEW.division_id AND ("
            f"(NEW.effect = 'grant' AND NOT NEW.withdrawn AND {_is_about('NEW')}) "
            f"OR {_LIMITS_THEM}))",
            concerns="NEW.status = 'published'",
        )
        for event in ("INSERT", "UPDATE")
    ),
    *never_changes(
        "policies_policy", _PUBLISHED, only="OLD.status = 'published'", keys=["series, version"]
    ),
    *(trigger for table in _PARTS for trigger in _parts_never_change(table)),
    *never_changes("policies_acknowledgement", _READ, keys=["employee_id, policy_id"]),
    Trigger(
        "only_hard_rules_of_ones_own_are_read",
        "policies_acknowledgement",
        "BEFORE INSERT",
        "Only a hard rule is confirmed, by those whom it is about, while it holds or is to hold.",
        f"NOT {_TO_BE_READ}",
    ),
    Trigger(
        "what_rules_count_is_given_by_quantity",
        "policies_remedy",
        "BEFORE UPDATE OF costing",
        "Rules count this remedy by the piece: change them before it is given by amount.",
        _COUNTED,
        concerns="OLD.costing = 'per_unit' AND NEW.costing <> 'per_unit'",
    ),
    *_raise_version("policies_policy", _IF_PUBLISHED, "INSERT", "UPDATE"),
    *_raise_version("policies_remedy", "{row}.division_id", "INSERT", "UPDATE", "DELETE"),
    *_raise_version("policies_reasoncode", "{row}.division_id", "INSERT", "UPDATE", "DELETE"),
    *_raise_version("policies_askedfact", _OF_REASON, "INSERT", "UPDATE", "DELETE"),
]
