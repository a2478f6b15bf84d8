"""What is sent and answered, as examples of every operation, by its `operation_id`.

They tell one story: a late pizza with wrong toppings, from asking what can be given to what the
month's ledger says of it. The tests hold each against the description, and send what is sent.
"""

from typing import Any

AT = "2026-11-21T17:30:00+00:00"
_ADDRESS = "http://localhost:8000/api/v1"
_CURSOR = "W2ZhbHNlLFsiMjA1MSJdXQ.Xn3vTq0mYV0vQ8bYc9l1o6mJwFq1rB2kZsQe7uHn4tA"

_BUDGET = {
    "month": "2026-11-01",
    "allotted": "120.00",
    "spent": "4.00",
    "left": "116.00",
    "currency": "USD",
}
_TIER_BOUND: dict[str, Any] = {
    "kind": "tier",
    "limit": "6",
    "limit_with_grace": "6",
    "policy": None,
    "version": None,
    "title": "",
    "rationale": "Enough to put right what goes wrong at a door.",
    "customer_wording": "",
    "only_when": "",
    "needs": [],
}
_REMEDY_BOUND = _TIER_BOUND | {
    "kind": "remedy",
    "limit": "1",
    "limit_with_grace": "1",
    "rationale": "The right pizza, on its way again.",
}
DECISION = {
    "remedy": "reorder",
    "verdict": "within",
    "measured_in": "quantity",
    "unit": "reorders",
    "asked": "1",
    "limit": "1",
    "limit_with_grace": "1",
    "cost": "4.00",
    "owed": False,
    "review_afterwards": False,
    "needs": [],
    "binding": _REMEDY_BOUND,
    "bounds": [_TIER_BOUND, _REMEDY_BOUND],
    "alternatives": [],
}
_AUTHORITY = {
    "remedies": [
        DECISION
        | {"name": "Expedited reorder", "why": "The right pizza, on its way again.", "asked": None}
    ],
    "chosen": [DECISION],
    "budget": _BUDGET,
    "incident": None,
}
_RESOLUTION = {
    "id": 3107,
    "remedy": "reorder",
    "amount": "4.00",
    "quantity": 1,
    "cost": "4.00",
    "description": "",
    "verdict": "within",
    "owed": False,
    "charged_to": "month",
    "review_afterwards": False,
    "given_by": "forno.driver1",
    "at": AT,
    "given_back": None,
    "decision": DECISION,
}
_CASE = {
    "id": 2051,
    "number": "F-2051",
    "division": "forno",
    "state": "put-right",
    "reason_code": "wrong-order",
    "channel": "doorstep",
    "customer": {"reference": "C-1001", "name": "Kim Lee"},
    "incident": None,
    "order_reference": "ORD-1881",
    "order_value": "23.50",
    "order_date": "2026-11-21",
    "currency": "USD",
    "facts": {},
    "note": "Wrong toppings, 30 minutes late.",
    "second_failure": False,
    "opened_at": AT,
    "ended_at": AT,
    "outcome_note": "",
    "handed_over_to": "",
    "resolutions": [_RESOLUTION],
}
_OPEN = _CASE | {"state": "open", "ended_at": None, "resolutions": []}
_MONTH = {
    "id": 17,
    "kind": "month",
    "division": "forno",
    "employee": "forno.driver1",
    "team": "Brooklyn",
    "name": "",
    "month": "2026-11",
    "base": "120.00",
    "allotted": "120.00",
    "spent": "4.00",
    "grace": "0.00",
    "left": "116.00",
    "currency": "USD",
    "opened_at": "2026-11-01T05:00:00+00:00",
}
_ENTRY = {
    "id": 5210,
    "kind": "spend",
    "amount": "-4.00",
    "balance_after": "116.00",
    "note": "Expedited reorder",
    "actor": "forno.driver1",
    "concerns": None,
    "request_id": "0b1f6a53-4f0e-4f0e-9a55-0d6f2f6e2c11",
    "at": AT,
}
_POLICY = {
    "id": 12,
    "version": 2,
    "division": "forno",
    "title": "Never more than 10.00 off",
    "sentence": "Anyone may give Money off the bill, but at most $10.00 per case.",
    "rationale": "A voucher brings the customer back; money off the bill does not.",
    "customer_wording": "I can take ten dollars off right now, or give you a voucher for more.",
    "effect": "restrict",
    "measure": "amount",
    "value": "10.00",
    "per": "case",
    "window_days": None,
    "entitlement": False,
    "allows_grace": False,
    "review_afterwards": False,
    "reason_codes": [],
    "remedies": ["money-off"],
    "tiers": [],
    "teams": [],
    "channels": [],
    "conditions": [{"fact": "order_value", "operator": "lt", "value": "50", "window_days": None}],
    "starts_at": "2026-11-01T05:00:00+00:00",
    "ends_at": None,
}
_GIVE = {"gives": [{"remedy": "reorder", "quantity": 1}]}


def _page(path: str, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "next": f"{_ADDRESS}/{path}?cursor={_CURSOR}",
        "previous": None,
        "results": [row],
    }


_CLOSE = {
    "id": 4,
    "document": "forno-2026-10",
    "division": "forno",
    "month": "2026-10",
    "currency": "USD",
    "budget_account": "2190",
    "entries": 181,
    "spent": "1006.85",
    "given_back": "0.00",
    "checksum": "ce51a23027743498278bdc10c20fe04583c0bbbb64bae17e5ca34755634c7923",
    "closed_by": "finance",
    "closed_at": "2026-11-03T09:20:00+00:00",
}

_LINES = [
    {
        "kind": "spent",
        "account": "6110",
        "cost_centre": "F-110",
        "remedy": "money-off",
        "amount": "1006.85",
        "entries": 181,
        "original_entry": None,
        "original_month": None,
    }
]

SENT: dict[str, Any] = {
    "ask_what_more_can_be_given": _GIVE,
    "give_more": _GIVE | {"order_value": "23.50"},
    "give_back": {"reason": "The kitchen had closed."},
    "close_without_a_remedy": {"said": "I apologised; that was all they wanted to hear."},
    "hand_over": {"to": "Accounts", "reason": "It is about last year's invoices."},
    "take_up_again": {"channel": "phone", "note": "It happened again.", "customer": "C-1001"},
}

ANSWERED: dict[str, Any] = {
    "get_a_token": {"token": "2f0c4e…", "expiry": "2026-12-21T17:30:00+00:00"},
    "me": {
        "username": "forno.driver1",
        "name": "Ada Rossi",
        "job_title": "Driver",
        "role": "agent",
        "division": {"code": "forno", "name": "Forno", "currency": "USD"},
        "team": "Brooklyn",
        "time_zone": "America/New_York",
        "tier": {
            "name": "Driver",
            "grace_percent": 0,
            "over_budget_percent": 0,
            "rationale": "Enough to put right what goes wrong at a door.",
        },
        "limit_per_case": "25.00",
        "budget": _BUDGET,
    },
    "list_policies": _page("policies/", _POLICY),
    "ask_what_can_be_given": _AUTHORITY,
    "ask_what_more_can_be_given": _AUTHORITY,
    "list_cases": _page("cases/", _CASE),
    "open_and_resolve_a_case": _CASE | {"budget": _BUDGET},
    "read_a_case": _CASE,
    "give_more": _CASE | {"budget": _BUDGET},
    "give_back": _OPEN
    | {
        "resolutions": [
            _RESOLUTION
            | {
                "given_back": {
                    "at": "2026-11-21T18:10:00+00:00",
                    "by": "forno.driver1",
                    "reason": "The kitchen had closed.",
                    "amount": "4.00",
                }
            }
        ]
    },
    "close_without_a_remedy": _OPEN
    | {
        "state": "closed",
        "ended_at": AT,
        "outcome_note": "I apologised; that was all they wanted to hear.",
    },
    "hand_over": _OPEN
    | {
        "state": "handed-over",
        "ended_at": AT,
        "handed_over_to": "Accounts",
        "outcome_note": "It is about last year's invoices.",
    },
    "take_up_again": _OPEN,
    "list_budgets": _page("budgets/", _MONTH),
    "read_a_budget": _MONTH,
    "list_entries": _page("budgets/17/entries/", _ENTRY),
    "list_closes": _page("closes/", _CLOSE),
    "close_a_month": _CLOSE | {"lines": _LINES},
    "read_a_close": _CLOSE | {"lines": _LINES},
    "look_at_the_next_close": {
        "division": "forno",
        "month": "2026-10",
        "could_begin_with": [],
        "over_at": "2026-11-01T04:00:00+00:00",
        "is_over": True,
        "currency": "USD",
        "budget_account": "2190",
        "spent": "1006.85",
        "given_back": "0.00",
        "entries": 181,
        "lines": _LINES,
        "remedies_without_account": [],
        "teams_without_cost_centre": [],
    },
    "list_exports": [
        {
            "name": "ledger",
            "about": "Every movement of money.",
            "comes_again": False,
            "columns": [
                {
                    "name": "amount",
                    "kind": "money",
                    "about": "Above zero into the budget, below zero out of it.",
                    "own_words": False,
                }
            ],
        }
    ],
}
