"""The program set up to be measured, on a database of its own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import Postgres


def prepare(url: str, folder: Path, **environment: str) -> None:
    """Set it up as in production, with its tables made. Django can be imported from then on."""
    os.environ |= {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "LEEWAY_DATA_DIR": str(folder),
        "SECRET_KEY": "only-for-measuring-" + "x1y2z3" * 10,
        "LEEWAY_HTTPS": "off",
        "LOG_LEVEL": "WARNING",
        **environment,
    }
    Path(folder, "static").mkdir(exist_ok=True)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


@contextmanager
def a_year(rows: int) -> Iterator[Postgres]:
    """A PostgreSQL on disk as in production, with a company's year of so many resolutions."""
    server = Postgres(durable=True)
    try:
        prepare(server.url, server.folder)
        from tests.benchmarks.a_year_of_resolutions import found

        print(f"Writing {rows:,} resolutions …", flush=True)
        found(rows)
        yield server
    finally:
        server.stop()
