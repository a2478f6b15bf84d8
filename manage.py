#!/usr/bin/env python3
"""The one way in: `python3 manage.py up`, `python3 manage.py test`, and Django's own commands."""

# Old Pythons must be able to read this file, so that they can say that they are too old.
import sys

if sys.version_info < (3, 11):
    sys.exit("Leeway needs Python 3.11 or newer; this is Python %d.%d." % sys.version_info[:2])

from config import bootstrap

if __name__ == "__main__":
    bootstrap.main(sys.argv)
