"""Cells of lists say what column they are in."""

from django.utils.safestring import SafeString

from budgets.models import LedgerEntry
from employees.templatetags.columns import named
from resolutions.models import Resolution
from tests.admin.desk import Desk, address
from tests.cast import Cast
from tests.putting_right import put_right, so_many


def test_a_heading_is_written_as_text_and_never_as_a_tag() -> None:
    cell = named(SafeString('<td class="field-x">5</td>'), '<b>"five"')
    assert cell == '<td data-label="&lt;b&gt;&quot;five&quot;" class="field-x">5</td>'


def test_a_rows_own_name_and_its_tick_stay_as_they_are() -> None:
    for cell in ('<th class="field-name">A</th>', '<td class="action-checkbox"><input></td>'):
        assert named(SafeString(cell), "x") == cell


def test_a_list_names_its_cells_and_shows_the_newest_first(forno: Cast) -> None:
    put_right(forno.agent, so_many("free-pizza"), customer="0417-1")
    put_right(forno.agent, so_many("reorder"), customer="0417-2")
    desk = Desk(forno.manager)
    page = desk.client.get(address(Resolution, "changelist")).content.decode()
    assert '<td data-label="Given by" class="field-by">' in page
    assert [str(given.remedy) for given in desk.list(Resolution)] == [
        "Expedited reorder",
        "Free pizza",
    ]


def test_people_and_moments_are_written_as_people_read_them(forno: Cast) -> None:
    put_right(forno.agent, so_many("free-pizza"), customer="0417-1")
    desk = Desk(forno.manager)
    for row in (Resolution.objects.get(), LedgerEntry.objects.filter(kind="spend").get()):
        page = desk.page(row).content.decode()
        assert f">{forno.agent.get_full_name()}</a>" in page
        assert "+00:00" not in page
