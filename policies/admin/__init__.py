"""The manager's door to what may be given: reason codes, remedies and rules."""

from policies.admin import panels, policies, readers, reason_codes, remedies

__all__ = ["panels", "policies", "readers", "reason_codes", "remedies"]
