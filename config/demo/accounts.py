"""The demo's accounts that are worth trying, for the sign-in page and `manage.py up`."""

from typing import Final

PASSWORD: Final = "leeway"  # noqa: S105  (everyone may know it: it is the demo)

ACCOUNTS: Final[list[tuple[str, str]]] = [
    ("forno.driver1", "a driver of Forno, the pizza chain"),
    ("forno.lead1", "a shift lead of Forno"),
    ("forno.manager", "the manager of Forno"),
    ("orchard.driver1", "a driver of Orchard, the online grocer"),
    ("orchard.care1", "a care agent of Orchard"),
    ("orchard.manager", "the manager of Orchard"),
    ("scm.rep1", "a care rep of Southern Cross Mobile, the phone operator"),
    ("scm.lead1", "a team lead of Southern Cross Mobile"),
    ("scm.manager", "the manager of Southern Cross Mobile"),
    ("finance", "finance of the whole group"),
    ("admin", "the administrator"),
]
