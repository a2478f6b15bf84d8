"""`manage.py up`: everything that Leeway needs, in one command, until Ctrl-C."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection

from config import addresses
from config.demo.accounts import ACCOUNTS, PASSWORD
from config.processes import Together
from employees.models import Employee


class Command(BaseCommand):
    """Sets up the database and the demo, then runs web server, worker and beat together."""

    help = (
        "Starts Leeway on this machine: database, demo, web server and background jobs. "
        "Stop it with Ctrl-C."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address to listen on."""
        parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 lets your network in")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")

    def handle(self, *_args: Any, host: str, port: int, no_demo: bool, **_options: Any) -> None:
        """Prepare, run, and say in one line what went wrong."""
        try:
            addresses.check_free(host, port)
            has_demo = self._prepare(no_demo=no_demo)
        except addresses.AddressUnusable as refusal:
            sys.exit(str(refusal))
        except DatabaseError as error:
            sys.exit(f"The database does not answer as it should: {str(error).strip()}")
        except KeyboardInterrupt:
            sys.exit("Stopped before it was ready. Run the same command again to go on.")
        sys.exit(self._run(host, port, has_demo=has_demo))

    def _prepare(self, *, no_demo: bool) -> bool:
        """Bring database and static files up to date; return whether the demo is in there."""
        self._say("Preparing the database …")
        call_command("migrate", verbosity=0, interactive=False)
        if not no_demo and not Employee.objects.exists():
            self._say("Making up the demo: three companies and half a year of cases …")
            call_command("load_demo")
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        call_command("collectstatic", verbosity=0, interactive=False)
        demo_people = Employee.objects.filter(username__in=[name for name, _ in ACCOUNTS])
        return not no_demo and demo_people.count() == len(ACCOUNTS)

    def _run(self, host: str, port: int, *, has_demo: bool) -> int:
        """Run until stopped; return the exit code: 0 after Ctrl-C, 1 when a program failed."""
        environment = {
            "ALLOWED_HOSTS": ",".join(addresses.names(host)),
            "LEEWAY_HTTPS": "off",  # there is no certificate here
            "LEEWAY_DEMO": "on" if has_demo else "off",
            "LEEWAY_URL": f"http://{addresses.reachable_name(host)}:{port}",
            **os.environ,
        }
        announced = False

        def announce() -> None:
            nonlocal announced
            if not announced and addresses.answers(host, port):
                announced = True
                self._announce(host, port, has_demo=has_demo)

        ended = Together(_commands(host, port), environment).run(each_moment=announce)
        if ended:
            self.stderr.write(f"The {ended} stopped by itself, so everything was stopped.")
            return 1
        self._say("Stopped.")
        return 0

    def _announce(self, host: str, port: int, *, has_demo: bool) -> None:
        self._say(f"\nLeeway is running at http://{addresses.reachable_name(host)}:{port}/")
        if has_demo:
            self._say(f"Sign in as one of these, with the password {PASSWORD}:\n")
            width = max(len(name) for name, _ in ACCOUNTS)
            for name, who in ACCOUNTS:
                self._say(f"  {name:<{width}}  {who}")
        elif not Employee.objects.exists():
            self._say("Nobody can sign in yet: python3 manage.py createsuperuser")
        self._say("\nCtrl-C stops it.")
        connection.close()  # from here on this process only waits

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _commands(host: str, port: int) -> dict[str, list[str]]:
    """Return the programs that make up Leeway, each by the name that a person would give it."""
    python = sys.executable
    threads = str(min(8, 2 * (os.cpu_count() or 1)))
    celery = [python, "-m", "celery", "--app", "config.celery", "--quiet"]
    return {
        "web server": [
            *(python, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
            *("--workers", "1", "--blocking-threads", threads, "--log-level", "warning"),
            "config.wsgi:application",
        ],
        "worker": [
            *(*celery, "worker", "--concurrency", "1", "--loglevel", "warning"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        ],
        "beat": [*celery, "beat", "--loglevel", "warning"],
    }
