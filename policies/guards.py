"""What the database keeps about rules.

A published policy, its scopes and its conditions are never changed or deleted. Whatever changes a
division's rulebook raises its version number, so that every process sees it at once.
"""

from employees.triggers import Trigger, never_changes

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

GUARDS = [
    *never_changes(
        "policies_policy", _PUBLISHED, only="OLD.status = 'published'", keys=["series, version"]
    ),
    *(trigger for table in _PARTS for trigger in _parts_never_change(table)),
    *_raise_version("policies_policy", _IF_PUBLISHED, "INSERT", "UPDATE"),
    *_raise_version("policies_remedy", "{row}.division_id", "INSERT", "UPDATE", "DELETE"),
    *_raise_version("policies_reasoncode", "{row}.division_id", "INSERT", "UPDATE", "DELETE"),
    *_raise_version("policies_askedfact", _OF_REASON, "INSERT", "UPDATE", "DELETE"),
]
