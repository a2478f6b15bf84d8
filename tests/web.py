"""The program served by granian, as in production, on the database of the tests."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from urllib.error import HTTPError
from urllib.request import urlopen

from django.conf import settings
from django.db import connection

from config.processes import die_with_parent
from tests.servers import free_port

_START_SECONDS = 120


def database_url() -> str:
    """Return the address of the database that the tests use now, for another process."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"{settings.DATABASE_URL.rpartition('/')[0]}/{name}"


@contextmanager
def running_granian(
    *,
    workers: int = 1,
    threads: int = 4,
    extra_environment: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """Serve until the end of the block. Gives the address, such as http://localhost:12345."""
    port = free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port)),
            *("--workers", str(workers), "--blocking-threads", str(threads)),
            *("--log-level", "warning", "config.wsgi:application"),
        ],
        env={**os.environ, "DATABASE_URL": database_url(), **(extra_environment or {})},
        start_new_session=True,
        preexec_fn=die_with_parent,
    )
    url = f"http://localhost:{port}"
    try:
        until = time.monotonic() + _START_SECONDS
        while not _answers(url):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("granian did not start; what it said is above")
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        with suppress(ProcessLookupError):  # its workers, should it have left them behind
            os.killpg(process.pid, signal.SIGKILL)


def _answers(url: str) -> bool:
    try:
        with urlopen(f"{url}/health/", timeout=5):
            return True
    except HTTPError:
        return True
    except OSError:
        return False
