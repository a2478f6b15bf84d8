"""A gap has one answer, by a manager and never by whoever had it; it stays, by the database too."""

from uuid import uuid4

import pytest

from employees.models import Employee
from resolutions.answer_gaps import answer_gaps
from resolutions.errors import InvalidCase, NothingToAnswer, NotTheirsToAnswer
from resolutions.gap_querysets import AuthorityGapQuerySet
from resolutions.gaps import say_what_could_not_be_done
from resolutions.models import AuthorityGap, GapAnswer
from tests.cast import Cast, draft_rule
from tests.gaps import answered, refuse
from tests.putting_right import NOW, so_much
from tests.queries import assert_queries
from tests.raw_sql import execute, insert, refused

MUCH = so_much("money-off", "40.00")


def every_gap() -> AuthorityGapQuerySet:
    return AuthorityGap.objects.all()


def test_one_answer_is_for_all_that_are_alike(forno: Cast) -> None:
    gaps = [refuse(person, MUCH) for person in (forno.agent, forno.colleague)]

    number = answer_gaps(
        every_gap(), kind="why-not", words=" It is fair. ", answered_by=forno.manager, at=NOW
    )

    answer = GapAnswer.objects.get()
    assert number == 2
    assert (answer.words, answer.kind, answer.answered_by) == (
        "It is fair.",
        "why-not",
        forno.manager,
    )
    assert set(answer.gaps.all()) == set(gaps)
    assert answer.division == forno.division


def test_a_later_gap_gets_an_answer_of_its_own(forno: Cast) -> None:
    first = refuse(forno.agent, MUCH)
    before = answered(forno, first)
    later = refuse(forno.agent, MUCH)

    after = answered(forno, first, later)

    assert list(before.gaps.all()) == [first]
    assert list(after.gaps.all()) == [later]


def test_what_is_answered_already_is_not_answered_again(forno: Cast) -> None:
    gap = refuse(forno.agent, MUCH)
    answer = answered(forno, gap)
    with pytest.raises(NothingToAnswer):
        answered(forno, gap, kind="why-not")
    assert GapAnswer.objects.get() == answer


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"words": "  "}, "words"),
        ({"words": "a\x00b"}, "words"),
        ({"kind": "perhaps"}, "kind"),
        ({"kind": ""}, "kind"),
    ],
)
def test_an_answer_says_something(forno: Cast, told: dict[str, str], field: str) -> None:
    gap = refuse(forno.agent, MUCH)
    with pytest.raises(InvalidCase) as refusal:
        answered(forno, gap, **told)
    assert list(refusal.value.errors) == [field]
    assert not GapAnswer.objects.exists()


def test_an_answer_is_about_a_published_rule_of_the_division(forno: Cast, scm: Cast) -> None:
    gap = refuse(forno.agent, MUCH)
    for rule in (scm.rule("Of another", value="5"), draft_rule(forno, "A draft", value="5")):
        with pytest.raises(InvalidCase):
            answered(forno, gap, policy=rule)
    rule = forno.rule("Ours", value="5")
    assert answered(forno, gap, policy=rule).policy == rule


def test_only_managers_answer_and_only_gaps_of_their_division(
    forno: Cast, scm: Cast, head_office: dict[str, Employee]
) -> None:
    gap = refuse(forno.agent, MUCH)
    for person in (forno.agent, forno.lead, *head_office.values()):
        with pytest.raises(NotTheirsToAnswer):
            answered(forno, gap, answered_by=person)
    with pytest.raises(NothingToAnswer):
        answered(forno, gap, answered_by=scm.manager)
    assert not GapAnswer.objects.exists()


def manager_with_a_tier(forno: Cast) -> Employee:
    Employee.objects.filter(pk=forno.manager.pk).update(tier=forno.tiers["Driver"])
    return Employee.objects.with_authority().get(pk=forno.manager.pk)


def test_nobody_answers_their_own(forno: Cast) -> None:
    manager = manager_with_a_tier(forno)
    own, other = refuse(manager, MUCH), refuse(forno.agent, MUCH)

    answer = answered(forno, own, other, answered_by=manager)

    assert list(answer.gaps.all()) == [other]
    with pytest.raises(NothingToAnswer):
        answered(forno, own, answered_by=manager)


def test_as_many_queries_for_thirty_as_for_one(forno: Cast) -> None:
    for _ in range(30):
        refuse(forno.agent, MUCH)
    with assert_queries(["select division", "insert gapanswer", "update authoritygap"]):
        answer_gaps(every_gap(), kind="changed", words="Yes.", answered_by=forno.manager)


def test_the_database_keeps_an_answer_as_it_was(forno: Cast) -> None:
    gap = refuse(forno.agent, MUCH)
    answer = answered(forno, gap)
    other = answered(forno, refuse(forno.agent, MUCH))
    for sql in (
        f"UPDATE resolutions_gapanswer SET words = 'No' WHERE id = {answer.pk}",
        f"DELETE FROM resolutions_gapanswer WHERE id = {answer.pk}",
        f"UPDATE resolutions_authoritygap SET answer_id = NULL WHERE id = {gap.pk}",
        f"UPDATE resolutions_authoritygap SET answer_id = {other.pk} WHERE id = {gap.pk}",
        f"DELETE FROM resolutions_authoritygap WHERE id = {gap.pk}",
    ):
        with refused("An answer to a gap stays"):
            execute(sql)
    execute(f"UPDATE resolutions_authoritygap SET answer_seen_at = at WHERE id = {gap.pk}")


def raw_answer(company: Cast, by: Employee, **columns: object) -> None:
    row = {"division_id": company.division.pk, "kind": "changed", "words": "Yes.", "at": NOW}
    insert("resolutions_gapanswer", **{**row, "answered_by_id": by.pk, **columns})


def test_the_database_refuses_answers_by_others_and_without_words(forno: Cast, scm: Cast) -> None:
    for person in (forno.agent, scm.manager):
        with refused("Gaps are answered by a manager"):
            raw_answer(forno, person)
    for rule in (scm.rule("Theirs", value="5"), draft_rule(forno, "Draft", value="5")):
        with refused("Gaps are answered by a manager"):
            raw_answer(forno, forno.manager, policy_id=rule.pk)
    with refused("gap_answer_has_words"):
        raw_answer(forno, forno.manager, words=" \n")
    with refused("gap_answer_is_of_a_kind"):
        raw_answer(forno, forno.manager, kind="perhaps")


def test_the_database_refuses_an_answer_to_ones_own_and_of_elsewhere(
    forno: Cast, scm: Cast
) -> None:
    manager = manager_with_a_tier(forno)
    own, other = refuse(manager, MUCH), refuse(forno.agent, MUCH)
    raw_answer(forno, manager)
    raw_answer(scm, scm.manager)
    ours, theirs = GapAnswer.objects.order_by("pk")
    for gap, answer in ((own, ours), (other, theirs)):
        with refused("never by whoever had it"):
            execute(
                f"UPDATE resolutions_authoritygap SET answer_id = {answer.pk} WHERE id = {gap.pk}"
            )
    with refused("never by whoever had it"):
        AuthorityGap.objects.create(division=forno.division, employee=manager, answer=ours)


def test_only_an_answer_is_seen(forno: Cast) -> None:
    gap = refuse(forno.agent, MUCH)
    with refused("only_an_answer_is_seen"):
        execute(f"UPDATE resolutions_authoritygap SET answer_seen_at = at WHERE id = {gap.pk}")


def test_one_sees_the_answers_to_the_gaps_one_sees(
    forno: Cast, scm: Cast, head_office: dict[str, Employee]
) -> None:
    answer = answered(forno, refuse(forno.agent, MUCH))
    seen = {
        person.username: list(GapAnswer.objects.visible_to(person))
        for person in (
            *(forno.agent, forno.colleague, forno.lead, forno.manager, scm.manager),
            *head_office.values(),
        )
    }
    assert {name for name, answers in seen.items() if answers} == {
        forno.agent.username,
        forno.lead.username,
        forno.manager.username,
    }
    assert seen[forno.agent.username] == [answer]


def test_the_team_of_the_moment_is_kept(forno: Cast) -> None:
    gap = refuse(forno.agent, MUCH)
    said = say_what_could_not_be_done("Flowers.", acting_employee=forno.agent, request_id=uuid4())
    Employee.objects.filter(pk=forno.agent.pk).update(team=None)
    gap.refresh_from_db()
    assert gap.team == said.team == forno.teams["Brooklyn"]
