"""The history of a row: before and after, who, when, why."""

from tests.admin.desk import Desk
from tests.cast import Cast


def test_the_history_shows_before_and_after_who_and_why(forno: Cast) -> None:
    desk = Desk(forno.manager)
    desk.change(
        forno.tiers["Driver"],
        limit_per_case="31.50",
        grace_percent="10",
        change_reason="Cheese got dearer.",
    )
    page = desk.page(forno.tiers["Driver"], "history").content.decode()
    for words in ("$25.00", "$31.50", "0 %", "10 %", "Cheese got dearer.", "by Manager"):
        assert words in page


def test_people_teams_and_roles_are_shown_by_name(forno: Cast) -> None:
    desk = Desk(forno.manager)
    desk.change(
        forno.agent,
        role="team_lead",
        team=forno.teams["Queens"].pk,
        personal_limit="40",
        change_reason="Leads Queens now.",
    )
    page = desk.page(forno.agent, "history").content.decode()
    for words in ("Agent", "Team lead", "Brooklyn", "Queens", "$40.00", "—"):
        assert words in page
    assert "md5$" not in page


def test_what_a_reason_code_asks_is_in_its_history(forno: Cast) -> None:
    desk = Desk(forno.manager)
    answer = desk.change(
        forno.reasons["late"],
        **{"asked_facts-0-label": "minutes too late", "change_reason": "Clearer."},
    )
    assert answer.status_code == 302
    page = desk.page(forno.reasons["late"], "history").content.decode()
    assert "Asks for minutes too late now. Clearer." in page


def test_a_long_history_has_pages(forno: Cast) -> None:
    desk = Desk(forno.manager)
    for number in range(55):
        forno.teams["Queens"].name = f"Queens {number}"
        forno.teams["Queens"].save()
    page = desk.page(forno.teams["Queens"], "history").content.decode()
    assert "Page 1 of 2" in page
    # The oldest change of a page has its before, too.
    assert page.count('class="before"') == 50
