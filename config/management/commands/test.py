"""`manage.py test`: pytest, on SQLite and on PostgreSQL, with servers that it starts itself."""

import os
import sys

from django.core.management.base import BaseCommand

from config.datadir import BASE_DIR


class Command(BaseCommand):
    """Hands over to pytest; its exit code is the command's."""

    help = "Runs the tests: test [--db sqlite|postgres|both] [any arguments of pytest]"

    def run_from_argv(self, argv: list[str]) -> None:
        """Become pytest, with every argument passed on; both databases if none is named."""
        arguments = argv[2:]
        if not any(argument.split("=")[0] == "--db" for argument in arguments):
            arguments = ["--db", "both", *arguments]
        os.chdir(BASE_DIR)
        os.execv(sys.executable, [sys.executable, "-m", "pytest", *arguments])
