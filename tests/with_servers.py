"""Runs a command with a PostgreSQL and a Redis of its own, which are gone afterwards.

`python -m tests.with_servers python manage.py lintmigrations`
"""

import os
import subprocess
import sys

from tests.servers import Postgres, Redis


def main(command: list[str]) -> int:
    """Run the command with DATABASE_URL and REDIS_URL set; return its exit code."""
    postgres, redis = Postgres(), Redis()
    try:
        servers = {"DATABASE_URL": postgres.url, "REDIS_URL": redis.url}
        own = {"LEEWAY_HTTPS": "off", "SECRET_KEY": "only-for-trying-" + "a1b2c3d4" * 8}
        return subprocess.run(command, env={**own, **os.environ, **servers}, check=False).returncode
    finally:
        redis.stop()
        postgres.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
