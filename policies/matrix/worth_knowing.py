"""What a manager should know of a file's rules before all of them are published.

Each is looked at next to the rules that hold, as they would be with the rest of the file.
"""

from collections.abc import Sequence
from datetime import datetime

from policies.matrix.codes import Codes
from policies.matrix.current import Current
from policies.matrix.plan import Planned, What
from policies.rulebook import rule_as_from, rulebook_of
from policies.warnings import warnings_about

_MOST_ROWS = 200  # each row is compared with every other


def note_what_is_worth_knowing(
    planned: Sequence[Planned], codes: Codes, current: Current, *, at: datetime
) -> None:
    """Add to each row that is new or changed what there is to know about its rule."""
    rows = [row for row in planned if row.what != What.SAME]
    if not rows or len(rows) > _MOST_ROWS:
        return
    rulebook, known = rulebook_of(codes.division), dict(codes.facts)
    replaced = {v.pk for row in rows for v in current.versions(row.rule.series)}
    kept = [rule for rule in rulebook.rules if rule.id not in replaced]
    would_be = [(row, rule_as_from(row.rule, known, starts_at=row.holds_from(at))) for row in rows]
    for row, rule in would_be:
        of_file = [r for other, r in would_be if other.rule.series != row.rule.series]
        tiers = codes.scopes["tiers"].rows
        row.notes += [one.words for one in warnings_about(rule, [*kept, *of_file], rulebook, tiers)]
