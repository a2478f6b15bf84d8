"""Who comes into the admin, and how."""

import pytest
from django.test import Client
from django.urls import reverse

from employees.models import AuthorityTier, Employee
from policies.models import Policy
from tests.admin.desk import Desk, address
from tests.cast import Cast


def test_whoever_is_not_signed_in_is_sent_to_the_one_sign_in_page(forno: Cast) -> None:
    answer = Client().get(address(Employee, "changelist"), follow=True)
    assert answer.redirect_chain[-1][0] == "/sign-in/?next=/admin/employees/employee/"


@pytest.mark.parametrize("username", ["forno.driver1", "forno.lead1"])
def test_agents_and_leads_are_told_that_this_door_is_not_theirs(forno: Cast, username: str) -> None:
    desk = Desk(forno.people[username])
    for page in (reverse("admin:index"), reverse("admin:login"), address(Policy, "add")):
        assert desk.client.get(page).status_code == 403


def test_finance_has_no_key(head_office: dict[str, Employee]) -> None:
    assert Desk(head_office["finance"]).client.get("/admin/").status_code == 403


def test_signing_out_ends_at_the_sign_in_page(forno: Cast) -> None:
    desk = Desk(forno.manager)
    answer = desk.client.post(reverse("admin:logout"))
    assert answer["Location"] == "/sign-in/"
    assert "_auth_user_id" not in desk.client.session


def test_the_first_page_speaks_of_rules_people_cases_money_and_reports(forno: Cast) -> None:
    page = Desk(forno.manager).client.get("/admin/")
    names = [app["name"] for app in page.context["app_list"]]
    assert names == ["What may be given", "People and authority", "Cases", "Money", "Reports"]
    assert b"Forno" in page.content


def test_an_administrator_sees_no_cases_and_no_money(head_office: dict[str, Employee]) -> None:
    page = Desk(head_office["admin"]).client.get("/admin/")
    listed = {app["name"]: app["models"] for app in page.context["app_list"]}
    assert list(listed) == ["What may be given", "People and authority", "Reports"]
    names = [model["object_name"] for model in listed["Reports"]]
    assert names == ["ReportPreference", "ReportDelivery"]


def test_someone_who_is_deactivated_is_out_at_once(forno: Cast) -> None:
    desk = Desk(forno.manager)
    Employee.objects.filter(pk=forno.manager.pk).update(is_active=False)
    assert desk.client.get("/admin/").status_code == 302


def test_times_are_those_of_where_the_manager_works(forno: Cast) -> None:
    """14:00 in Greenwich is 9:00 in New York."""
    tier = forno.tiers["Driver"]
    record = tier.history.get()
    record.history_date = record.history_date.replace(hour=14, minute=0, month=1)
    record.save()
    page = Desk(forno.manager).page(tier, "history").content.decode()
    assert ", 09:00" in page


def test_the_first_page_says_what_was_changed_lately_and_why(forno: Cast, orchard: Cast) -> None:
    Desk(forno.manager).change(
        forno.tiers["Driver"], name="Rider", limit_per_case="30", change_reason="Prices rose."
    )
    forno.rule("Vouchers", value="15", rationale="A voucher buys one dinner.")
    page = Desk(forno.manager).client.get("/admin/").content.decode()
    for words in ("Rider", "changed by Manager", "Prices rose.", "Vouchers", "published by"):
        assert words in page
    foreign = Desk(orchard.manager).client.get("/admin/").content.decode()
    for words in ("Rider", "Prices rose.", "Vouchers"):
        assert words not in foreign


def test_no_page_needs_more_than_its_own_files(forno: Cast) -> None:
    page = Desk(forno.manager).client.get(address(AuthorityTier, "add"))
    assert "unsafe" not in page["Content-Security-Policy"]
    for inline in (b"<style", b" style=", b"onclick=", b"onchange="):
        assert inline not in page.content
