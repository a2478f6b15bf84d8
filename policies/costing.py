"""What a remedy costs the company: the fields whose change says why."""

COSTING = frozenset(
    {"costing", "cost_share_percent", "cost_per_unit", "face_value_per_unit", "max_quantity"}
)
