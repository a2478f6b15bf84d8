"""The manager's look at cases: what was told, what was given, and what could not be given."""

from resolutions.admin import (
    afterwards,
    cases,
    customers,
    gaps,
    incidents,
    resolutions,
    trial_ways,
    trials,
)

__all__ = [
    "afterwards",
    "cases",
    "customers",
    "gaps",
    "incidents",
    "resolutions",
    "trial_ways",
    "trials",
]
