"""How fast a million resolutions leave the program, measured against psql's own \\copy.

`python -m tests.benchmarks.exports`; see README.md beside this file.
"""

import argparse
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psutil

from tests.benchmarks.prepared import a_year
from tests.servers import Postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TEXT_FILES = ("csv", "jsonl")


def main() -> None:
    """Found the company, then pull each format in turns with psql, and print the ratios."""
    options = _options()
    with a_year(options.rows) as server:
        from tests.web import running_granian

        statements = {kind: _statement(kind) for kind in TEXT_FILES}
        if options.show:
            print("\n\n".join(statements.values()))
            return
        with running_granian(workers=1, threads=2) as url:
            _warm(url)
            for kind in TEXT_FILES:
                _in_turns(server, url, kind, statements[kind], options)
            for kind in () if options.text_only else ("xlsx", "parquet"):
                _beside_pandas(server, url, kind, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--show", action="store_true", help="only print psql's statements")
    parser.add_argument("--pandas", default=sys.executable, help="a Python that has pandas")
    parser.add_argument("--text-only", action="store_true", help="no Excel and Parquet")
    return parser.parse_args()


def _statement(kind: str) -> str:
    """What psql copies: the very query that the program sends for this kind of file."""
    from employees.models import Employee
    from reports.exports.pull import open_rows
    from reports.exports.rows import Source
    from reports.exports.snapshot import one_moment
    from reports.exports.tables import TABLES
    from reports.exports.text_files import CSV, JSONL, copy_statement
    from reports.reader import reader_of_employee

    reader = reader_of_employee(Employee.objects.get(username="finance"))
    table = TABLES["resolutions"]
    file = {"csv": CSV, "jsonl": JSONL}[kind]
    with one_moment() as own:
        rows = open_rows(table, reader)
        source = Source(table, table.usual_columns, rows, reader.divisions, own)
        return copy_statement(file, source)


@dataclass
class Arrived:
    """A file that came over HTTP: how soon its first byte and first row, and how long in all."""

    first_byte: float
    first_row: float
    seconds: float
    size: int
    lines: int


def pulled(url: str, path: str) -> Arrived:
    """Pull a file over a fresh connection and count what arrives. Raises RuntimeError."""
    from tests.benchmarks.a_year_of_resolutions import TOKEN

    address = urlsplit(url)
    begin = time.perf_counter()
    with socket.create_connection((address.hostname, address.port)) as line:
        line.sendall(
            f"GET {path} HTTP/1.0\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n"
            "Connection: close\r\n\r\n".encode()
        )
        first_byte = first_row = 0.0
        size = lines = 0
        start = b""
        while data := line.recv(1 << 20):
            first_byte = first_byte or time.perf_counter() - begin
            size += len(data)
            lines += data.count(b"\n")
            if len(start) < 10_000:
                start += data
                body = start.partition(b"\r\n\r\n")[2]
                if not first_row and body.count(b"\n") >= 2:
                    first_row = time.perf_counter() - begin
    if b" 200 " not in start[:20]:
        raise RuntimeError(start.decode(errors="replace"))
    return Arrived(first_byte, first_row, time.perf_counter() - begin, size, lines)


def _warm(url: str) -> None:
    pulled(url, "/api/v1/exports/resolutions/")


def _in_turns(
    server: Postgres, url: str, kind: str, statement: str, options: argparse.Namespace
) -> None:
    ratios, firsts, rows = [], [], []
    with _watched_memory() as grown:
        for number in range(1, options.rounds + 1):
            by_psql = _psql(server, statement)
            ours = pulled(url, f"/api/v1/exports/resolutions/?format={kind}")
            ratios.append(by_psql / ours.seconds)
            firsts.append(ours.first_byte)
            rows.append(ours.first_row)
            print(
                f"{kind} {number}: {options.rows / ours.seconds:9,.0f} rows/s, psql "
                f"{options.rows / by_psql:9,.0f} rows/s, ratio {ratios[-1]:.1%}; first byte "
                f"{ours.first_byte * 1000:.0f} ms, first row {ours.first_row * 1000:.0f} ms",
                flush=True,
            )
    print(
        f"{kind}: median ratio {statistics.median(ratios):.1%}, first byte within "
        f"{max(firsts) * 1000:.0f} ms, the server's memory grew by {grown() / 1e6:.1f} MB",
        flush=True,
    )


def _psql(server: Postgres, statement: str) -> float:
    """Seconds that psql takes to copy the same rows to nowhere."""
    copy = statement.replace("COPY (", "\\copy (", 1).replace("TO STDOUT", "TO '/dev/null'")
    begin = time.perf_counter()
    subprocess.run(
        [server.bin / "psql", "-h", server.folder, "-U", "leeway", "-qX", "-c", copy, "leeway"],
        check=True,
        cwd=tempfile.gettempdir(),
    )
    return time.perf_counter() - begin


def _workers() -> list[psutil.Process]:
    """The web server's processes. Others come and go meanwhile."""
    found = []
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if "granian" in " ".join(process.cmdline()):
                found.append(process)
    return found


@contextmanager
def _watched_memory() -> "Iterator[Callable[[], int]]":
    """By how many bytes the web server grew beyond what it was before, at its peak."""
    workers = _workers()
    before = sum(process.memory_info().rss for process in workers)
    peak, over = before, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not over.wait(0.02):
            peak = max(peak, sum(process.memory_info().rss for process in workers))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield lambda: peak - before
    finally:
        over.set()
        watcher.join()


def _beside_pandas(server: Postgres, url: str, kind: str, options: argparse.Namespace) -> None:
    with _watched_memory() as grown:
        ours = pulled(url, f"/api/v1/exports/resolutions/?format={kind}")
    print(
        f"{kind}: {options.rows / ours.seconds:,.0f} rows/s, {ours.size / 1e6:.0f} MB, memory "
        f"grew by {grown() / 1e6:.1f} MB",
        flush=True,
    )
    statement = _statement("csv").removeprefix("COPY (").removesuffix(") TO STDOUT (FORMAT csv)")
    script = Path(server.folder, "with_pandas.py")
    script.write_text(_PANDAS)
    done = subprocess.run(
        [options.pandas, script, server.folder, kind, statement],
        capture_output=True,
        text=True,
        check=False,
    )
    print(f"{kind} with pandas: {done.stdout.strip() or done.stderr.strip()[-300:]}", flush=True)


_PANDAS = """
import resource, sys, time
import pandas, psycopg
folder, kind, statement = sys.argv[1:]
before, begin = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
with psycopg.connect(host=folder, user="leeway", dbname="leeway") as connection:
    frame = pandas.read_sql(statement, connection)
    if kind == "xlsx":
        frame.to_excel(f"{folder}/with_pandas.xlsx", index=False, engine="xlsxwriter")
    else:
        frame.to_parquet(f"{folder}/with_pandas.parquet", index=False)
seconds = time.perf_counter() - begin
grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1e3
print(f"{len(frame) / seconds:,.0f} rows/s, memory grew by {grown:,.0f} MB")
"""


if __name__ == "__main__":
    main()
