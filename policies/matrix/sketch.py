"""A rule as it would be, in memory only: it reads like a row of the database, and is none.

Sentences and checks read a rule's scopes and conditions by its relations. A sketch has them at
hand, so that looking at a file asks the database nothing for each row.
"""

from collections.abc import Sequence
from typing import Any

from policies.complete import SCOPES
from policies.matrix.codes import Codes
from policies.models import Policy
from policies.publish import new_series


def sketch_of(base: Policy | None, codes: Codes, line: int) -> Policy:
    """A copy of a published rule that was read with `readable`, or an empty rule of a division.

    What it names are the rows of `codes`, which were read with all that is asked of them.
    """
    sketch = Policy()
    if base is not None:
        for field in base._meta.concrete_fields:
            setattr(sketch, field.attname, getattr(base, field.attname))
    else:
        sketch.series = new_series()
    sketch.pk = -line  # a relation can only be asked of a row that has a number
    sketch.division = codes.division
    sketch.status, sketch.version = "draft", None
    for name in SCOPES:
        named = {row.pk for row in getattr(base, name).all()} if base is not None else set()
        set_related(sketch, name, [row for row in codes.scopes[name].rows if row.pk in named])
    set_related(sketch, "conditions", list(base.conditions.all()) if base is not None else [])
    return sketch


def set_related(sketch: Policy, name: str, rows: Sequence[Any]) -> None:
    """Let the sketch answer with these rows where its relation is asked.

    As `prefetch_related` would have left them, which Django has no public way to do.
    """
    related: Any = Policy._meta.get_field(name)
    found: Any = related.related_model._default_manager.all()
    found._result_cache, found._prefetch_done = list(rows), True  # noqa: SLF001
    vars(sketch).setdefault("_prefetched_objects_cache", {})[name] = found
