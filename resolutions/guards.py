"""What the database keeps of cases: what was done stays, and nobody puts their own case right.

An incident, its fund and its cases are of one division, and so is a trial with what it tries. A gap
is answered once, by a manager. A decision is looked at by the lead of its team or a manager, never
by who took it, and what was said of it stays. What a customer said stays theirs.
"""

from employees.transactions import renewed_by_changes
from employees.triggers import Trigger, changed, never_changes

# Whether employee `e` is customer `u`, as `own_case.py` has it.
_IS_CUSTOMER = (
    "((e.customer_reference <> '' AND e.customer_reference = u.reference) "
    "OR (e.email <> '' AND LOWER(e.email) = LOWER(u.email)))"
)
_ANSWER_STAYS = "An answer to a gap stays: it is never changed, taken away or replaced."
_REVIEW_STAYS = "What is looked at stays on the list, and what was said of it stays as it is."
_SAID = ("reviewed_by_id", "reviewed_at")
_SAID_BY_HAND = "What a customer said by hand stays theirs: nothing takes it away."
_CHARGED = "(SELECT c.budget_id FROM budgets_ledgerentry c WHERE c.id = NEW.entry_id)"

GUARDS = [
    *renewed_by_changes("resolutions_case"),
    *renewed_by_changes("resolutions_authoritygap"),
    # An answer that is thrown away leaves its mark on the mail.
    *renewed_by_changes("resolutions_followup", counted_with="resolutions_surveyresponse"),
    *renewed_by_changes("resolutions_surveyresponse", counted_with="resolutions_followup"),
    *never_changes(
        "resolutions_resolution",
        "A resolution is never changed or deleted: correct it with a new one.",
        keys=["entry_id"],
    ),
    *never_changes(
        "resolutions_conclusion",
        "A conclusion is never changed or deleted: take the case up again.",
    ),
    *never_changes("resolutions_gapanswer", _ANSWER_STAYS),
    # An answered gap stays; what may change of it is when its answer was seen.
    *(
        trigger
        for trigger in never_changes(
            "resolutions_authoritygap", _ANSWER_STAYS, only="OLD.answer_id IS NOT NULL"
        )
        if not trigger.event.startswith("BEFORE UPDATE")
    ),
    Trigger(
        "a_gap_is_answered_once",
        "resolutions_authoritygap",
        "BEFORE UPDATE OF answer_id",
        _ANSWER_STAYS,
        "OLD.answer_id IS NOT NULL AND (NEW.answer_id IS NULL OR NEW.answer_id <> OLD.answer_id)",
    ),
    *(
        Trigger(
            f"gap_answered_by_its_manager_{event.split()[1].lower()}",
            "resolutions_authoritygap",
            event,
            "A gap is answered in its own division, and never by whoever had it.",
            "EXISTS (SELECT 1 FROM resolutions_gapanswer a WHERE a.id = NEW.answer_id "
            "AND (a.division_id <> NEW.division_id OR a.answered_by_id = NEW.employee_id))",
            concerns="NEW.answer_id IS NOT NULL",
        )
        for event in ("BEFORE INSERT", "BEFORE UPDATE")
    ),
    Trigger(
        "a_mail_that_was_sent_stays_sent",
        "resolutions_followup",
        "BEFORE UPDATE OF sent_at, address",
        "A mail that was sent stays sent, at that moment, to where it went.",
        changed(["sent_at", "address"]),
        concerns="OLD.sent_at IS NOT NULL",
    ),
    *(
        Trigger(
            f"only_who_was_asked_answers_{event.split()[1].lower()}",
            "resolutions_surveyresponse",
            event,
            "There is an answer only to a mail that was sent, and it stays with that mail.",
            "NOT EXISTS (SELECT 1 FROM resolutions_followup f WHERE f.id = NEW.follow_up_id "
            f"AND f.sent_at IS NOT NULL){moved}",
        )
        for event, moved in (
            ("BEFORE INSERT", ""),
            ("BEFORE UPDATE OF follow_up_id", " OR NEW.follow_up_id <> OLD.follow_up_id"),
        )
    ),
    Trigger(
        "what_was_said_by_hand_stays_so",
        "resolutions_surveyresponse",
        "BEFORE UPDATE OF score, aspect, comment, by_hand, at",
        _SAID_BY_HAND,
        "NOT NEW.by_hand OR NEW.at <> OLD.at",
        concerns="OLD.by_hand",
    ),
    # What a program sent may be thrown away; what a person changes of their own answer, they may.
    *(
        trigger
        for trigger in never_changes(
            "resolutions_surveyresponse", _SAID_BY_HAND, only="OLD.by_hand", keys=["follow_up_id"]
        )
        if not trigger.event.startswith("BEFORE UPDATE")
    ),
    Trigger(
        "managers_answer_gaps",
        "resolutions_gapanswer",
        "BEFORE INSERT",
        "Gaps are answered by a manager of the division, about a rule of the division.",
        "NOT EXISTS (SELECT 1 FROM employees_employee e WHERE e.id = NEW.answered_by_id "
        "AND e.role = 'manager' AND e.division_id = NEW.division_id) "
        "OR (NEW.policy_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM policies_policy p "
        "WHERE p.id = NEW.policy_id AND p.division_id = NEW.division_id "
        "AND p.status = 'published'))",
    ),
    *(
        trigger
        for trigger in never_changes(
            "resolutions_review",
            _REVIEW_STAYS,
            # Unique while it waits, which is a matter of the outcome.
            keys=["case_id, employee_id, why, outcome"],
        )
        if not trigger.event.startswith("BEFORE UPDATE")
    ),
    Trigger(
        "what_was_said_of_a_review_stays",
        "resolutions_review",
        "BEFORE UPDATE",
        _REVIEW_STAYS,
        f"{changed(['id', 'case_id', 'employee_id', 'team_id', 'why', 'at'])} "
        f"OR (OLD.outcome <> '' AND ({changed(['outcome', 'note', *_SAID])})) "
        f"OR (OLD.seen_at IS NOT NULL AND ({changed(['seen_at'])}))",
    ),
    *(
        Trigger(
            f"reviewed_by_lead_or_manager_{event.split()[1].lower()}",
            "resolutions_review",
            event,
            "A decision is looked at by the lead of its team or a manager of the division, "
            "and never by who took it.",
            "NOT EXISTS (SELECT 1 FROM employees_employee e "
            "JOIN resolutions_case c ON c.id = NEW.case_id AND c.division_id = e.division_id "
            "WHERE e.id = NEW.reviewed_by_id AND e.id <> NEW.employee_id AND e.is_active "
            "AND (e.role = 'manager' OR (e.role = 'team_lead' AND e.team_id = NEW.team_id)))",
            concerns="NEW.reviewed_by_id IS NOT NULL",
        )
        for event in ("BEFORE INSERT", "BEFORE UPDATE OF reviewed_by_id")
    ),
    Trigger(
        "nobody_resolves_their_own_case",
        "resolutions_resolution",
        "BEFORE INSERT",
        "Nobody resolves a case in which they are the customer.",
        "EXISTS (SELECT 1 FROM resolutions_case c "
        "JOIN resolutions_customer u ON u.id = c.customer_id "
        "JOIN employees_employee e ON e.id = NEW.given_by_id WHERE c.id = NEW.case_id "
        f"AND {_IS_CUSTOMER})",
    ),
    Trigger(
        "no_giver_becomes_the_customer",
        "resolutions_case",
        "BEFORE UPDATE OF customer_id",
        "The customer can not be who gave something in the case.",
        "EXISTS (SELECT 1 FROM resolutions_resolution r "
        "JOIN employees_employee e ON e.id = r.given_by_id "
        "JOIN resolutions_customer u ON u.id = NEW.customer_id "
        f"WHERE r.case_id = NEW.id AND {_IS_CUSTOMER})",
    ),
    *(
        Trigger(
            f"incident_is_of_one_division_{event.split()[1].lower()}",
            "resolutions_incident",
            event,
            "An incident, its fund and its reason code are of one division.",
            "NOT EXISTS (SELECT 1 FROM budgets_budget b JOIN policies_reasoncode r "
            "ON r.id = NEW.reason_code_id WHERE b.id = NEW.fund_id AND b.kind = 'fund' "
            "AND b.division_id = NEW.division_id AND r.division_id = NEW.division_id)",
        )
        for event in ("BEFORE INSERT", "BEFORE UPDATE")
    ),
    *(
        Trigger(
            f"case_is_of_its_incidents_division_{event.split()[1].lower()}",
            "resolutions_case",
            event,
            "A case is one of an incident of its own division.",
            "NEW.incident_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM resolutions_incident i "
            "WHERE i.id = NEW.incident_id AND i.division_id = NEW.division_id)",
        )
        for event in ("BEFORE INSERT", "BEFORE UPDATE OF incident_id")
    ),
    *(
        Trigger(
            f"trial_is_of_one_division_{event.split()[1].lower()}",
            "resolutions_trial",
            event,
            "A trial tries a draft or a tier of its own division.",
            "NOT EXISTS (SELECT 1 FROM policies_policy p WHERE p.id = NEW.policy_id "
            "AND p.division_id = NEW.division_id) "
            "AND NOT EXISTS (SELECT 1 FROM employees_authoritytier t WHERE t.id = NEW.tier_id "
            "AND t.division_id = NEW.division_id)",
        )
        for event in ("BEFORE INSERT", "BEFORE UPDATE OF division_id, policy_id, tier_id")
    ),
    Trigger(
        "nobody_is_paid_by_their_own_fund",
        "resolutions_resolution",
        "BEFORE INSERT",
        "Nobody gives out of a fund that they put money into.",
        # Each by its own index: a fund may have paid for many thousands of cases.
        f"EXISTS (SELECT 1 FROM resolutions_incident i WHERE i.fund_id = {_CHARGED} "
        "AND i.opened_by_id = NEW.given_by_id) "
        "OR EXISTS (SELECT 1 FROM budgets_ledgerentry t "
        "JOIN budgets_budget b ON b.id = t.budget_id AND b.kind = 'fund' "
        f"WHERE t.budget_id = {_CHARGED} AND t.kind = 'top-up' AND t.actor_id = NEW.given_by_id)",
    ),
]
