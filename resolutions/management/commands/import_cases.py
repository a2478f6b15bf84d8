"""`manage.py import_cases`: a company's past complaints, brought in from a CSV file."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count
from django.utils import timezone
from tqdm import tqdm

from employees.counts import counted
from employees.models import Division, Employee
from policies.models import Channel, ReasonCode
from resolutions.case_import import BroughtIn, import_cases
from resolutions.models import CaseState
from resolutions.past.file import UnreadableFile, read_rows
from resolutions.past.options import BadOption, columns, sorting
from resolutions.past.rows import PastCase, Reading, check_rows

EXPLAINED = """\
Columns: say which column of the file holds what, as OURS="THEIRS" with commas between them.

  reference  the case's number over there (needed: running twice adds nothing twice)
  date       when it was told (needed); with the time in the same cell, or in
  time       a column of its own; without a time it is noon
  text       what the customer said; becomes the case's note
  channel    where it was told      status    where it stands
  reason     what went wrong        customer  the customer's reference
  order      the order's reference

Words: --channel, --status and --reason each take OURS="THEIRS|THEIRS", or just OURS for all the
rest. Common words (Phone, Internet, Closed, Solved, Pending …) need no telling. Words of --reason
are looked for anywhere in the reason and the text; the first that fits wins, and what fits none
gets a reason code of its own, “Brought in, not sorted yet”. Without a status column, what is past
is closed.

Example:

  python3 manage.py import_cases complaints.csv --division scm \\
    --columns 'reference="Ticket #",text="Customer Complaint",date=Date,time=Time' \\
    --columns 'channel="Received Via",status=Status' \\
    --reason 'outage=outage|not working|no service' --reason 'slow-data=speed|slow|throttl' \\
    --reason 'billing-dispute=bill|charge|price|fee'
"""


class Command(BaseCommand):
    """Brings all rows in, or none and says why."""

    help = "Bring a company's past complaints in as cases, from a CSV file."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """Show the explanation below the options, line by line as it is written."""
        return super().create_parser(
            prog_name,
            subcommand,
            formatter_class=RawDescriptionHelpFormatter,
            epilog=EXPLAINED,
            **kwargs,
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, and how it is to be read."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--division", required=True, metavar="CODE", help="whose cases: scm")
        for option, what in {
            "columns": "which column holds what, with commas between them",
            "channel": f"{', '.join(Channel.values)}: the file's words for it",
            "status": f"{', '.join(CaseState.values)}: the file's words for it",
            "reason": "a reason code of the division: words that point to it",
        }.items():
            parser.add_argument(
                f"--{option}",
                action="append",
                default=[],
                required=option == "columns",
                metavar='OURS="THEIRS"',
                help=f"{what}; can be given several times (see below)",
            )
        parser.add_argument("--date-format", default="", help="such as %%d-%%m-%%y; else found out")
        parser.add_argument("--time-zone", help="of the times in the file; else the division's")
        parser.add_argument("--encoding", default="", help="such as cp1252; else UTF-8 or UTF-16")
        parser.add_argument(
            "--skip-bad", action="store_true", help="bring the good rows in, without the bad ones"
        )
        parser.add_argument("--dry-run", action="store_true", help="check the file, write nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Read everything, report every bad row, and write."""
        division = self._division(options["division"])
        try:
            chosen = columns(options["columns"])
            reading = self._reading(division, options)
            rows = read_rows(options["file"], columns=chosen, encoding=options["encoding"])
            _refuse_nowhere(chosen, reading)
            checked = check_rows(rows, reading=reading, now=timezone.now())
        except (BadOption, UnreadableFile) as error:
            raise CommandError(f"{error} Nothing was brought in.") from error
        for bad in checked.bad:
            self.stderr.write(str(bad))
        if checked.bad and not options["skip_bad"]:
            raise CommandError(
                f"{counted(len(checked.bad), 'bad row')} of {len(rows):,}, so nothing was brought "
                "in. Correct them, or add --skip-bad to bring in the others."
            )
        self._say(f"Times are taken as {reading.zone.key}, dates as {checked.date_format}.")
        if options["dry_run"]:
            self._say(f"{counted(len(checked.cases), 'case')} could be brought in. Nothing was.")
            return
        brought = import_cases(
            checked.cases, division=division, progress=partial(_shown, options["verbosity"])
        )
        self._report(brought)

    def _division(self, code: str) -> Division:
        division = Division.objects.filter(code=code).first()
        if division is None:
            codes = Division.objects.values_list("code", flat=True).order_by("code")
            listed = ", ".join(codes) or "none yet"
            raise CommandError(f"There is no division “{code}”. There is: {listed}.")
        return division

    def _reading(self, division: Division, options: dict[str, Any]) -> Reading:
        """What the options say. Raises BadOption."""
        reasons = ReasonCode.objects.filter(division=division)
        codes = [reason.code for reason in reasons]
        return Reading(
            zone=_zone(options["time_zone"], division),
            reasons_by_name={r.code.casefold(): r.code for r in reasons}
            | {r.name.casefold(): r.code for r in reasons},
            channels=sorting("--channel", options["channel"], Channel.values),
            states=sorting("--status", options["status"], CaseState.values),
            reasons=sorting("--reason", options["reason"], codes),
            date_format=options["date_format"],
        )

    def _report(self, brought: BroughtIn) -> None:
        """How many are new, and what they are."""
        self._say(
            f"{counted(len(brought.cases), 'case')} brought in; "
            f"{counted(brought.already, 'was', 'were')} there already."
        )
        for words in (
            [CaseState(case.state).label for case in brought.cases],
            [Channel(case.channel).label for case in brought.cases],
            [case.reason for case in brought.cases],
        ):
            if words:
                each = Counter(words).most_common()
                self._say("  " + ", ".join(f"{word}: {number:,}" for word, number in each))

    def _say(self, line: str) -> None:
        self.stdout.write(line)


def _refuse_nowhere(chosen: Mapping[str, str], reading: Reading) -> None:
    if "channel" not in chosen and not reading.channels.otherwise:
        raise BadOption("Say where these were told: --channel phone, or the one it was.")


def _zone(name: str | None, division: Division) -> ZoneInfo:
    """The zone that was told; else the one in which most of the division's people work."""
    if name:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise BadOption(
                f"--time-zone: “{name}” is not a time zone, such as Europe/London."
            ) from None
    people = Employee.objects.filter(division=division, team__isnull=False)
    zones = people.values_list("team__time_zone").annotate(people=Count("pk"))
    most = zones.order_by("-people", "team__time_zone").first()
    return ZoneInfo(most[0] if most else "UTC")


def _shown(verbosity: int, batches: Sequence[Sequence[PastCase]]) -> Iterator[Sequence[PastCase]]:
    """The batches with a bar that moves on as they are written."""
    total = sum(map(len, batches))
    with tqdm(total=total, unit=" cases", disable=verbosity == 0 or not total) as bar:
        for batch in batches:
            yield batch
            bar.update(len(batch))
