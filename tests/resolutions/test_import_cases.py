"""Bringing past complaints in: whole, once, and with every bad row named."""

import os
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command

from policies.models import ReasonCode
from resolutions.models import Case, Customer
from tests.cast import Cast

HEADER = "Ticket #,Customer Complaint,Date,Time,Received Via,Status"
COLUMNS = (
    "reference=Ticket #,text=Customer Complaint,date=Date,time=Time,"
    "channel=Received Via,status=Status"
)
SYDNEY = ZoneInfo("Australia/Sydney")
SHARED = Path(os.environ.get("LEEWAY_SHARED_DATA") or Path(__file__).parents[3] / "shared" / "data")

Bring = Callable[..., str]


@pytest.fixture
def bring(scm: Cast, tmp_path: Path) -> Bring:
    """Write a file of these rows below the usual header, bring it in, and return what was said."""

    def bring_in(*rows: str, raw: bytes | None = None, **options: Any) -> str:
        file = tmp_path / "complaints.csv"
        file.write_bytes("\n".join([HEADER, *rows, ""]).encode() if raw is None else raw)
        return run(file, **options)

    return bring_in


def run(file: Path, columns: str = COLUMNS, **options: Any) -> str:
    """The command as it is typed; a refusal is raised with all that was said before it."""
    out = StringIO()
    given = {"division": "scm", "columns": [columns], "verbosity": 0, **options}
    try:
        call_command("import_cases", str(file), stdout=out, stderr=out, **given)
    except CommandError as error:
        raise CommandError(f"{out.getvalue()}{error}") from error
    return out.getvalue()


def test_a_row_becomes_a_case_at_the_time_it_was_told(bring: Bring, scm: Cast) -> None:
    said = bring("250635,No signal since Monday,22-04-15,3:53:50 PM,Customer Care Call,Closed")

    case = Case.objects.get()
    assert case.division == scm.division
    assert case.external_reference == "250635"
    assert case.note == "No signal since Monday"
    assert case.opened_at == datetime(2015, 4, 22, 15, 53, 50, tzinfo=SYDNEY)
    assert (case.channel, case.state) == ("phone", "closed")
    assert [case.opened_by, case.customer, case.team, case.ended_at] == [None] * 4
    assert "1 case brought in; 0 were there already." in said


def test_the_same_file_twice_adds_nothing_twice(bring: Bring) -> None:
    rows = ["1,One,22-04-15,,Internet,Open", "2,Two,23-04-15,,Internet,Open"]
    bring(*rows)
    said = bring(*rows, "3,Three,24-04-15,,Internet,Open")
    assert "1 case brought in; 2 were there already." in said
    assert Case.objects.count() == 3


def test_two_divisions_can_have_the_same_references(bring: Bring, orchard: Cast) -> None:
    bring("1,One,22-04-15,,Internet,Open")
    bring("1,One,22-04-15,,Internet,Open", division="orchard")
    assert Case.objects.count() == 2


def test_byte_order_mark_and_odd_characters_survive(bring: Bring) -> None:
    text = "Größe 3 “naïve” 😡 \u200fسلام\u200f 日本"
    bring(raw=b"\xef\xbb\xbf" + f"{HEADER}\r\n1,{text},22-04-15,,Internet,Open\r\n".encode())
    assert Case.objects.get().note == text


@pytest.mark.once
def test_excels_unicode_text_and_semicolons_are_read(bring: Bring) -> None:
    bring(raw=f"{HEADER}\n1,One,22-04-15,,Internet,Open\n".replace(",", "\t").encode("utf-16"))
    bring(raw=f"{HEADER}\n2,Two,22-04-15,,Internet,Open\n".replace(",", ";").encode())
    bring(raw=f"{HEADER}\n3,Drei für vier,22-04-15,,Internet,Open\n".encode("cp1252"),
          encoding="cp1252")  # fmt: skip
    assert sorted(Case.objects.values_list("note", flat=True)) == ["Drei für vier", "One", "Two"]


@pytest.mark.once
def test_a_text_over_several_lines_is_one_text(bring: Bring) -> None:
    with pytest.raises(CommandError) as refused:
        bring('1,"Line one\nline two",22-04-15,,Internet,Open', "2,Bad,soon,,Internet,Open")
    assert "Line 4: “soon” is not a date" in str(refused.value)
    bring('1,"Line one\nline ""two"", and more",22-04-15,,Internet,Open')
    assert Case.objects.get().note == 'Line one\nline "two", and more'


@pytest.mark.once
@pytest.mark.parametrize(
    ("date", "time", "local"),
    [
        ("22/04/2015", "15:53", "2015-04-22 15:53"),
        ("22.4.2015 3:53 pm", "", "2015-04-22 15:53"),
        ("2015-04-22T15:53:00", "", "2015-04-22 15:53"),
        ("2015-04-22T15:53:00+10:00", "", "2015-04-22 15:53"),
        ("22 Apr 2015", "3:53 p.m.", "2015-04-22 15:53"),
        ('"Apr 22, 2015"', "", "2015-04-22 12:00"),
        ("4/22/2015", "12:05 AM", "2015-04-22 00:05"),
    ],
)
def test_dates_are_read_in_the_usual_ways(bring: Bring, date: str, time: str, local: str) -> None:
    bring(f"1,One,{date},{time},Internet,Open")
    assert f"{Case.objects.get().opened_at.astimezone(SYDNEY):%Y-%m-%d %H:%M}" == local


@pytest.mark.once
def test_one_date_shows_how_the_others_are_meant(bring: Bring) -> None:
    bring("1,One,04-08-15,,Internet,Open", "2,Two,22-04-15,,Internet,Open")
    assert Case.objects.get(external_reference="1").opened_at.month == 8


@pytest.mark.once
def test_dates_that_could_mean_two_days_are_not_guessed(bring: Bring) -> None:
    row = "1,One,04-08-15,,Internet,Open"
    with pytest.raises(CommandError, match="could be 4 August 2015 or 8 April 2015"):
        bring(row)
    bring(row, date_format="%m-%d-%y")
    assert Case.objects.get().opened_at.astimezone(SYDNEY).month == 4


@pytest.mark.once
def test_dates_written_in_two_ways_are_not_guessed(bring: Bring) -> None:
    with pytest.raises(CommandError, match="written in several ways"):
        bring("1,One,22-04-15,,Internet,Open", "2,Two,23/04/2015,,Internet,Open")


def test_times_can_be_of_another_zone(bring: Bring) -> None:
    bring("1,One,22-04-15,3:53 PM,Internet,Open", time_zone="America/New_York")
    assert Case.objects.get().opened_at == datetime(2015, 4, 22, 19, 53, tzinfo=UTC)


def test_status_words_say_where_the_case_stands(bring: Bring) -> None:
    words = {"Open": "open", "Pending": "open", "Solved": "put-right", "Closed": "closed",
             "Escalated": "handed-over", "unresolved": "open", "Erledigt": "closed"}  # fmt: skip
    rows = [f"{word},x,22-04-15,,Internet,{word}" for word in words]
    bring(*rows, status=["closed=erledigt|fertig"])
    assert dict(Case.objects.values_list("external_reference", "state")) == words


def test_words_in_the_text_say_what_went_wrong(bring: Bring, scm: Cast) -> None:
    bring(
        "1,OVERCHARGED again,22-04-15,,Internet,Open",
        "2,Internet is slow and billed twice,22-04-15,,Internet,Open",
        "3,Something new,22-04-15,,Internet,Open",
        reason=["slow-data=slow|speed", "billing-dispute=bill|charge"],
    )
    reasons = dict(Case.objects.values_list("external_reference", "reason_code__code"))
    assert reasons == {"1": "billing-dispute", "2": "slow-data", "3": "brought-in"}
    unsorted = ReasonCode.objects.get(code="brought-in")
    assert not unsorted.is_active, "nobody should pick it on the case form"


def test_a_reason_can_be_for_all_the_rest(bring: Bring) -> None:
    bring("1,Something new,22-04-15,,Internet,Open", reason=["outage"])
    assert Case.objects.get().reason_code.code == "outage"
    assert not ReasonCode.objects.filter(code="brought-in").exists()


def test_columns_for_reason_customer_and_order_are_taken(scm: Cast, tmp_path: Path) -> None:
    file = tmp_path / "past.csv"
    file.write_text(
        '"Id, ours",When,Kind,Account,Order\n'
        "1,2015-04-22,Late fee,ACC-1,B-7\n2,2015-04-23,outage,ACC-1,\n3,2015-04-24,?,,\n"
    )
    columns = 'reference="Id, ours",date=When,reason=Kind,customer=Account,order=Order'
    run(file, columns, channel=["phone"], reason=["roaming"])

    rows = Case.objects.order_by("pk").values_list(
        "reason_code__code", "customer__reference", "order_reference", "channel", "state"
    )
    assert list(rows) == [
        ("late-fee", "ACC-1", "B-7", "phone", "closed"),
        ("outage", "ACC-1", "", "phone", "closed"),
        ("roaming", None, "", "phone", "closed"),
    ]
    assert Customer.objects.count() == 1


BAD_ROWS = {
    "a missing reference": (",x,22-04-15,,Internet,Open", "no reference"),
    "a long reference": (f"{'9' * 81},x,22-04-15,,Internet,Open", "81 characters"),
    "a missing date": ("1,x,,,Internet,Open", "no date"),
    "no date at all": ("1,x,yesterday,,Internet,Open", "“yesterday” is not a date"),
    "a day that is none": ("1,x,31-02-15,,Internet,Open", "“31-02-15” is not a date"),
    "a bad time": ("1,x,22-04-15,25:99,Internet,Open", "“25:99” is not a time"),
    "an unknown channel": ("1,x,22-04-15,,Telex,Open", 'add --channel web="Telex"'),
    "two channels at once": ("1,x,22-04-15,,Phone or mail,Open", "is not a channel we know"),
    "an unknown status": ("1,x,22-04-15,,Internet,Limbo", 'add --status closed="Limbo"'),
    "a NUL character": ("1,x\x00y,22-04-15,,Internet,Open", "text holds a NUL character"),
    "a huge text": (f"1,{'x' * 50_001},22-04-15,,Internet,Open", "50,001 characters"),
    "too few cells": ("1,x,22-04-15", "3 cells, fewer than the 6"),
    "too many cells": ("1,x,22-04-15,,Internet,Open,more", "7 cells, more than the 6"),
    "a reference again": ("good,x,22-04-15,,Internet,Open", "is the one of line 2 as well"),
}


@pytest.mark.once
@pytest.mark.parametrize(("row", "why"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_a_bad_row_is_named_and_nothing_is_brought_in(bring: Bring, row: str, why: str) -> None:
    good = "good,Fine,23-04-15,9:00 AM,Internet,Open"
    with pytest.raises(CommandError) as refused:
        bring(good, row)
    said = str(refused.value)
    assert said.startswith("Line 3: ")
    assert why in said
    assert "1 bad row of 2, so nothing was brought in" in said
    assert not Case.objects.exists()

    said = bring(good, row, skip_bad=True)
    assert said.startswith("Line 3: ")
    assert Case.objects.get().external_reference == "good"


@pytest.mark.once
def test_every_bad_row_is_named_at_once(bring: Bring) -> None:
    with pytest.raises(CommandError) as refused:
        bring("1,x,soon,,Telex,Open", "2,x,22-04-15,,Internet,Open", ",x,22-04-15,,Internet,Limbo")
    first, second, _ = str(refused.value).splitlines()
    assert first.startswith("Line 2: “Telex” is not")
    assert "“soon” is not a date" in first
    assert second.startswith("Line 4: It has no reference")
    assert "“Limbo”" in second


@pytest.mark.once
@pytest.mark.parametrize("day", ["22-04-2099", "01-01-1900"])
def test_a_day_that_cannot_be_meant_is_refused(bring: Bring, day: str) -> None:
    with pytest.raises(CommandError, match=r"is in the future|is too long ago"):
        bring(f"1,x,{day},,Internet,Open", "2,x,23-04-2015,,Internet,Open")


def test_today_is_not_the_future(bring: Bring) -> None:
    with time_machine.travel(datetime(2026, 11, 20, 9, 0, tzinfo=SYDNEY), tick=False):
        bring("1,x,20-11-26,8:59 AM,Internet,Open")
    assert Case.objects.count() == 1


@pytest.mark.once
@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"columns": ["reference=Ticket,date=Date"]}, "Did you mean “Ticket #”"),
        ({"columns": ["date=Date"]}, "which column is the reference"),
        ({"columns": ["Ticket #=reference,date=Date"]}, "Write reference=Ticket #"),
        ({"columns": ["reference=Ticket #,date=Date,date=Time"]}, "date is there twice"),
        ({"columns": ["reference"]}, "“reference” is not OURS=THEIRS"),
        ({"columns": ["reference=Ticket #,date=Date"]}, "--channel phone"),
        ({"channel": ["Internet=web"]}, 'Write --channel web="Internet"'),
        ({"status": ["fixed"]}, "“fixed” is not one of open, put-right, closed, handed-over"),
        ({"reason": ["weather=rain"]}, "“weather” is not one of billing-dispute, late-fee"),
        ({"reason": ["outage", "roaming"]}, "only one can be for all the rest"),
        ({"time_zone": "Mars/Olympus"}, "“Mars/Olympus” is not a time zone"),
        ({"encoding": "klingon"}, "no encoding called “klingon”"),
        ({"division": "acme"}, "There is no division “acme”. There is: scm"),
        ({"date_format": "%d/%m/%Y"}, "is not a date written as %d/%m/%Y"),
    ],
)  # fmt: skip
def test_a_wrong_option_says_what_would_be_right(
    bring: Bring, options: dict[str, Any], why: str
) -> None:
    given = dict(options)
    if "columns" in given:
        given["columns"] = given["columns"][0]
    with pytest.raises(CommandError) as refused:
        bring("1,x,22-04-15,,Internet,Open", **given)
    assert why in str(refused.value)
    assert not Case.objects.exists()


@pytest.mark.once
@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "There is no column “Ticket #”"),
        (f"{HEADER}\n".encode() + b"1,caf\xe9,22-04-15,,,Open\n", "Line 2 has a byte (0xE9)"),
        (f'{HEADER}\n1,"never closed,22-04-15\n'.encode(), "is not CSV"),
        (f"{HEADER},Date\n".encode(), "several columns called “Date”"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_where(bring: Bring, raw: bytes, why: str) -> None:
    with pytest.raises(CommandError) as refused:
        bring(raw=raw)
    assert why in str(refused.value)
    assert str(refused.value).endswith("Nothing was brought in.")


@pytest.mark.once
def test_a_missing_file_and_a_folder_are_one_clear_line(scm: Cast, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file or directory"):
        run(tmp_path / "nowhere.csv")
    with pytest.raises(CommandError, match="Is a directory"):
        run(tmp_path)


def test_a_dry_run_writes_nothing(bring: Bring) -> None:
    said = bring("1,x,22-04-15,,Internet,Open", dry_run=True)
    assert "1 case could be brought in. Nothing was." in said
    assert not Case.objects.exists()


def test_an_empty_file_brings_in_nothing(bring: Bring) -> None:
    assert "0 cases brought in; 0 were there already." in bring()


@pytest.mark.skipif(
    not (SHARED / "telecom_complaints.csv").exists(),
    reason="The real file is not here: set LEEWAY_SHARED_DATA to the folder that holds it.",
)
def test_a_real_file_of_2224_complaints_comes_in_whole(scm: Cast) -> None:
    file = SHARED / "telecom_complaints.csv"
    run(file, time_zone="America/New_York", reason=["billing-dispute=bill|charge", "outage"])

    cases = Case.objects.all()
    assert cases.count() == 2224
    assert Counter(cases.values_list("state", flat=True)) == {
        "put-right": 973, "closed": 734, "open": 517,
    }  # fmt: skip
    assert Counter(cases.values_list("channel", flat=True)) == {"phone": 1119, "web": 1105}
    new_york = ZoneInfo("America/New_York")
    first = cases.get(external_reference="250635")
    assert first.opened_at.astimezone(new_york) == datetime(
        2015, 4, 22, 15, 53, 50, tzinfo=new_york
    )
    months = Counter(
        at.astimezone(new_york).month for at in cases.values_list("opened_at", flat=True)
    )
    assert sorted(months) == list(range(1, 13))
    assert {at.year for at in cases.values_list("opened_at", flat=True)} <= {2015, 2016}
    lines = file.read_text("utf-8-sig").splitlines()[1:]
    assert len(set(cases.values_list("external_reference", flat=True))) == len(lines)
    assert all(note for note in cases.values_list("note", flat=True))

    assert "0 cases brought in; 2,224 were there already." in run(file)


def test_a_bar_shows_how_far_it_is(bring: Bring, capfd: pytest.CaptureFixture[str]) -> None:
    bring("1,x,22-04-15,,Internet,Open", "2,x,22-04-15,,Internet,Open", verbosity=1)
    assert "2/2" in capfd.readouterr().err
