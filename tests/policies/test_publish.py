"""Publishing: a rule is never edited, says why, and never reaches into the past."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from policies.errors import AlreadyPublished, IncompleteRule, ReasonMissing, StartsInThePast
from policies.models import Condition, Policy
from policies.publish import new_version, publish, withdraw
from tests.cast import Cast, draft_rule

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
A_DAY = timedelta(days=1)


def in_force(company: Cast, at: datetime) -> list[str]:
    """What the rules that hold at a moment are called, with their versions."""
    rules = Policy.objects.filter(division=company.division).in_force(at)
    return [f"{rule.title} {rule.version}" for rule in rules]


def change(published: Policy, *, starts_at: datetime, reason: str = "Learned.") -> Policy:
    """Publish a next version on the first of March."""
    return publish(
        new_version(published),
        published_by=None,
        change_reason=reason,
        starts_at=starts_at,
        at=NOW,
    )


# --- The first version ----------------------------------------------------------------------


def test_a_draft_decides_nothing_until_it_is_published(forno: Cast) -> None:
    draft = draft_rule(forno, "No more than 10", value="10.00")
    assert in_force(forno, NOW) == []
    published = publish(draft, published_by=forno.manager, at=NOW)
    assert in_force(forno, NOW) == ["No more than 10 1"]
    assert published.published_by == forno.manager
    assert (published.published_at, published.starts_at) == (NOW, NOW)
    assert in_force(forno, NOW - A_DAY) == []


def test_without_a_date_a_rule_starts_now(forno: Cast) -> None:
    before = timezone.now()
    published = publish(draft_rule(forno, value="10.00"), published_by=forno.manager)
    assert published.starts_at
    assert before <= published.starts_at <= timezone.now()


def test_a_rule_can_start_later(forno: Cast) -> None:
    draft = draft_rule(forno, "Later", value="10.00", starts_at=NOW + A_DAY)
    publish(draft, published_by=forno.manager, at=NOW)
    assert in_force(forno, NOW + A_DAY - timedelta(seconds=1)) == []
    assert in_force(forno, NOW + A_DAY) == ["Later 1"]


def test_no_rule_starts_in_the_past(forno: Cast) -> None:
    draft = draft_rule(forno, value="10.00")
    with pytest.raises(StartsInThePast):
        publish(draft, published_by=forno.manager, starts_at=NOW - timedelta(seconds=1), at=NOW)
    assert Policy.objects.drafts().get() == draft


def test_a_published_rule_is_not_published_again(forno: Cast) -> None:
    published = forno.rule(value="10.00")
    with pytest.raises(AlreadyPublished):
        publish(published, published_by=forno.manager, change_reason="Again.")


def test_two_managers_with_the_same_draft_publish_it_once(forno: Cast) -> None:
    draft = draft_rule(forno, value="10.00")
    mine, yours = Policy.objects.get(pk=draft.pk), Policy.objects.get(pk=draft.pk)
    publish(mine, published_by=forno.manager, at=NOW)
    with pytest.raises(AlreadyPublished):
        publish(yours, published_by=forno.manager, change_reason="Me too.", at=NOW + A_DAY)
    assert Policy.objects.get(pk=draft.pk).starts_at == NOW


# --- Changes ------------------------------------------------------------------------------


def test_a_change_takes_over_at_its_moment_and_the_old_version_stays_as_it_was(
    forno: Cast,
) -> None:
    first = forno.rule("No more than the order", value="10.00")
    as_it_was = Policy.objects.filter(pk=first.pk).values().get()
    draft = new_version(first)
    draft.title, draft.value = "A little more", Decimal("12.00")
    publish(
        draft,
        published_by=forno.manager,
        change_reason="31 refusals in a month.",
        starts_at=NOW + A_DAY,
        at=NOW,
    )
    assert in_force(forno, NOW + A_DAY - timedelta(seconds=1)) == ["No more than the order 1"]
    assert in_force(forno, NOW + A_DAY) == ["A little more 2"]
    assert Policy.objects.filter(pk=first.pk).values().get() == as_it_was


def test_a_change_says_why(forno: Cast) -> None:
    first = forno.rule("A rule", value="10.00")
    draft = new_version(first)
    with pytest.raises(ReasonMissing):
        publish(draft, published_by=forno.manager, change_reason="  ", at=NOW)
    assert in_force(forno, NOW) == ["A rule 1"]
    assert Policy.objects.drafts().get() == draft
    draft.change_reason = "Written with the draft."
    assert publish(draft, published_by=forno.manager, at=NOW).version == 2


def test_a_new_version_starts_as_a_copy(forno: Cast) -> None:
    first = forno.rule(
        "Late",
        effect="grant",
        value="15.00",
        reasons=["late"],
        remedies=["money-off", "voucher"],
        tiers=["Driver"],
        teams=["Queens"],
        channels=["doorstep"],
        conditions=[("minutes_late", "ge", "30"), ("earlier_resolutions", "eq", "0", 90)],
    )
    copy = new_version(first)
    assert copy.pk != first.pk
    assert (copy.status, copy.change_reason) == ("draft", "")
    assert {copy.version, copy.starts_at, copy.published_at, copy.published_by} == {None}
    assert (copy.series, copy.title, copy.value) == (first.series, "Late", Decimal("15.00"))
    for scope in ("reason_codes", "remedies", "tiers", "teams"):
        assert set(getattr(copy, scope).all()) == set(getattr(first, scope).all()) != set()
    compared = [(c.fact, c.operator, c.value, c.window_days) for c in copy.conditions.all()]
    assert compared == [
        ("minutes_late", "ge", "30", None),
        ("earlier_resolutions", "eq", "0", 90),
    ]
    assert first.conditions.count() == 2


def test_a_version_that_is_overtaken_before_it_starts_never_decides(forno: Cast) -> None:
    first = forno.rule("A rule", value="10.00")
    change(first, starts_at=NOW + 9 * A_DAY)
    change(first, starts_at=NOW + 2 * A_DAY)
    assert in_force(forno, NOW) == ["A rule 1"]
    assert in_force(forno, NOW + 2 * A_DAY) == ["A rule 3"]
    assert in_force(forno, NOW + 9 * A_DAY) == ["A rule 3"]
    assert [p.version for p in Policy.objects.scheduled(NOW)] == [3]


def test_a_rule_does_not_end_in_the_past(forno: Cast) -> None:
    first = forno.rule("A rule", value="10.00")
    past: dict[str, Any] = {"starts_at": NOW - A_DAY, "at": NOW}
    with pytest.raises(StartsInThePast, match="A rule ends now or later"):
        withdraw(first, withdrawn_by=forno.manager, change_reason="Not needed.", **past)
    assert in_force(forno, NOW) == ["A rule 1"]


def test_a_withdrawn_rule_ends_with_a_reason(forno: Cast) -> None:
    first = forno.rule("A rule", value="10.00")
    with pytest.raises(ReasonMissing):
        withdraw(first, withdrawn_by=forno.manager, change_reason="", at=NOW)
    assert not Policy.objects.drafts().exists()
    last = withdraw(
        first,
        withdrawn_by=forno.manager,
        change_reason="Nobody needed it.",
        starts_at=NOW + A_DAY,
        at=NOW,
    )
    assert last.withdrawn
    assert in_force(forno, NOW + A_DAY - timedelta(seconds=1)) == ["A rule 1"]
    assert in_force(forno, NOW + A_DAY) == []
    assert {p.version for p in Policy.objects.past(NOW + A_DAY)} == {1, 2}


def test_a_rule_that_could_not_be_written_any_more_can_still_be_withdrawn(forno: Cast) -> None:
    first = forno.rule(value="10.00", reasons=["late"], conditions=[("minutes_late", "lt", "15")])
    forno.reasons["late"].asked_facts.all().delete()
    withdraw(first, withdrawn_by=forno.manager, change_reason="No longer asked.", at=NOW)
    assert in_force(forno, NOW) == []


def test_a_withdrawn_rule_can_come_back(forno: Cast) -> None:
    first = forno.rule("A rule", value="10.00")
    withdraw(first, withdrawn_by=forno.manager, change_reason="Too tight.", at=NOW)
    change(first, starts_at=NOW + A_DAY, reason="It was needed after all.")
    assert in_force(forno, NOW + A_DAY) == ["A rule 3"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_versions_published_together_line_up(forno: Cast) -> None:
    first = forno.rule("A rule", value="10.00")
    drafts = [new_version(first) for _ in range(4)]
    ready, failures = Barrier(len(drafts)), []

    def publish_together(draft: Policy) -> None:
        ready.wait()
        try:
            publish(draft, published_by=None, change_reason="Together.")
        except Exception as error:  # noqa: BLE001
            failures.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=publish_together, args=[draft]) for draft in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert {p.version for p in Policy.objects.filter(series=first.series)} == {1, 2, 3, 4, 5}


# --- What can't be meant ------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize(
    "columns",
    [
        {"effect": "restrict", "value": None},
        {"effect": "restrict", "value": "10.005"},
        {"effect": "restrict", "value": "10.00", "window_days": 90},
        {"effect": "restrict", "value": "10.00", "per": "customer", "window_days": 0},
        {"effect": "restrict", "value": "10.00", "channels": ["pigeon"]},
        {"effect": "restrict", "value": "10.00", "ends_at": NOW},
        {"effect": "restrict", "value": "10.00", "title": ""},
        {"effect": "allow", "value": "10.00"},
        {"effect": "restrict", "value": "1.5", "measure": "times"},
        {"effect": "restrict", "value": "3", "measure": "quantity"},
        {"effect": "restrict", "value": "3", "measure": "quantity", "remedies": ["money-off"]},
        {"effect": "grant", "value": "1", "measure": "times"},
        {
            "effect": "grant",
            "value": "1",
            "measure": "times",
            "remedies": ["free-pizza", "voucher"],
        },
    ],
    ids=str,
)
def test_a_rule_that_says_too_little_or_nonsense_is_refused(
    forno: Cast, columns: dict[str, Any]
) -> None:
    draft = draft_rule(forno, **columns)
    with pytest.raises(IncompleteRule):
        publish(draft, published_by=forno.manager, at=NOW)
    assert in_force(forno, NOW) == []


@pytest.mark.parametrize("words", ["rationale", "customer_wording"])
@pytest.mark.parametrize("said", ["", "  \n\t"])
def test_a_rule_that_gives_no_reason_or_no_words_is_refused(
    forno: Cast, words: str, said: str
) -> None:
    draft = draft_rule(forno, value="10.00")
    setattr(draft, words, said)
    with pytest.raises(IncompleteRule) as refused:
        publish(draft, published_by=forno.manager, at=NOW)
    assert list(refused.value.error.message_dict) == [words]


def test_times_and_quantities_of_units_are_fine(forno: Cast) -> None:
    for effect, measure in (("grant", "times"), ("grant", "quantity"), ("restrict", "quantity")):
        forno.rule(effect=effect, measure=measure, value="2", remedies=["free-pizza", "reorder"])
    forno.rule(measure="times", value="2")
    assert len(in_force(forno, NOW)) == 4


@pytest.mark.parametrize("scope", ["reason_codes", "remedies", "tiers", "teams"])
def test_what_belongs_to_another_division_is_refused(
    forno: Cast, orchard: Cast, scope: str
) -> None:
    theirs = {
        "reason_codes": orchard.reasons["late"],
        "remedies": orchard.remedies["voucher"],
        "tiers": orchard.tiers["Driver"],
        "teams": orchard.teams["Care"],
    }
    draft = draft_rule(forno, value="10.00")
    getattr(draft, scope).add(theirs[scope])
    with pytest.raises(IncompleteRule, match="another division"):
        publish(draft, published_by=forno.manager, at=NOW)


@pytest.mark.once
@pytest.mark.parametrize(
    "condition",
    [
        ("weather", "eq", "rain"),
        ("seal_broken", "eq", "perhaps"),
        ("seal_broken", "gt", "yes"),
        ("channel", "le", "phone"),
        ("order_value", "ge", "a lot"),
        ("order_value", "ge", "-5"),
        ("order_value", "in", " , "),
        ("order_value", "ge", "10", 90),
        ("earlier_resolutions", "ge", "1", 0),
        ("minutes_late", "ge", "30"),
    ],
    ids=str,
)
def test_a_condition_that_compares_nothing_is_refused(
    orchard: Cast, condition: tuple[Any, ...]
) -> None:
    draft = draft_rule(orchard, value="10.00", reasons=["damaged"], conditions=[condition])
    if len(condition) == 4:
        Condition.objects.filter(policy=draft).update(window_days=condition[3])
    with pytest.raises(IncompleteRule):
        publish(draft, published_by=orchard.manager, at=NOW)


def test_a_choice_that_is_not_on_the_list_is_refused(scm: Cast) -> None:
    fine, unknown = (
        draft_rule(scm, value="9", reasons=["slow-data"], conditions=[("plan", "in", plans)])
        for plans in ("basic, plus", "basic, gold")
    )
    publish(fine, published_by=scm.manager, at=NOW)
    with pytest.raises(IncompleteRule, match="basic, plus, max"):
        publish(unknown, published_by=scm.manager, at=NOW)


def test_a_restriction_can_not_rest_on_a_fact_that_nobody_can_tell(forno: Cast) -> None:
    late = ("minutes_late", "lt", "15")
    for reasons in ([], ["late", "cold"]):
        draft = draft_rule(forno, value="5.00", reasons=reasons, conditions=[late])
        with pytest.raises(IncompleteRule, match="Name the reason codes"):
            publish(draft, published_by=forno.manager, at=NOW)
    forno.rule("Where it is asked", value="5.00", reasons=["late"], conditions=[late])
    forno.rule("A grant", effect="grant", value="5.00", conditions=[late])
    forno.rule("Known anyway", value="5.00", conditions=[("order_value", "lt", "15")])
    assert len(in_force(forno, NOW)) == 3


def test_a_refusal_names_the_field(forno: Cast) -> None:
    with pytest.raises(IncompleteRule) as refused:
        publish(draft_rule(forno, value=None), published_by=forno.manager, at=NOW)
    assert refused.value.code == "incomplete-rule"
    assert refused.value.error.message_dict == {"value": ["Say how much."]}
