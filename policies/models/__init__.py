"""What went wrong, what may be given, when, and why."""

from policies.models.channels import Channel
from policies.models.policies import Condition, Effect, Measure, Per, Policy, Status
from policies.models.reading import Acknowledgement, HandbookVisit
from policies.models.reason_codes import AskedFact, ReasonCode
from policies.models.remedies import Costing, Remedy

__all__ = [
    "Acknowledgement",
    "AskedFact",
    "Channel",
    "Condition",
    "Costing",
    "Effect",
    "HandbookVisit",
    "Measure",
    "Per",
    "Policy",
    "ReasonCode",
    "Remedy",
    "Status",
]
