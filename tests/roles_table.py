"""Who may see and do what: one table of role × object × whose it is, as test data.

Whose a row is, seen from the reader: `own` is theirs (their case, their team, their division),
`team` a colleague's in their team, `division` of someone in another team of their division, and
`elsewhere` of another division. What is not in a cell is not there for them.
"""

# Someone of each role; `finance` belongs to the division, `group` is finance of no division.
READERS = ("agent", "team_lead", "manager", "finance", "group", "administrator")

ALL = "own team division elsewhere"
MINE = "own team division"

SEES: dict[str, tuple[str, ...]] = {
    #               agent        team lead    manager      finance      group  administrator
    "division":    ("own",       "own",       "own",       "own",       ALL,   ALL),
    "team":        ("own",       "own",       MINE,        MINE,        ALL,   ALL),
    "tier":        ("own",       "own",       MINE,        MINE,        ALL,   ALL),
    "employee":    ("own",       "own team",  MINE,        MINE,        ALL,   ALL),
    "reason code": ("own",       "own",       "own",       "own",       ALL,   ALL),
    "remedy":      ("own",       "own",       "own",       "own",       ALL,   ALL),
    "policy":      ("own",       "own",       "own",       "own",       ALL,   ALL),
    "draft":       ("",          "",          "own",       "",          "",    ALL),
    "budget":      ("own",       "own team",  MINE,        MINE,        ALL,   ""),
    "entry":       ("own",       "own team",  MINE,        MINE,        ALL,   ""),
    "incident":    ("own",       "own",       "own",       "",          "",    ""),
    "customer":    ("own",       "own",       "own",       "",          "",    ""),
    "case":        ("own",       "own team",  MINE,        MINE,        ALL,   ""),
    "resolution":  ("own",       "own team",  MINE,        MINE,        ALL,   ""),
    "gap":         ("own",       "own team",  MINE,        "",          "",    ""),
    "review":      ("own",       "own team",  MINE,        "",          "",    ""),
    "trial":       ("",          "",          "own",       "",          "",    ""),
    "close":       ("",          "",          "own",       "own",       ALL,   ""),
    "report":      ("",          "",          "own",       "own",       ALL,   ""),
    "baseline":    ("",          "",          "own",       "own",       ALL,   ""),
    "wish for reports": ("own",  "own",       "own",       "own",       "own", ALL),
    "mail of a report": ("",     "",          "",          "",          "",    ALL),
    "token":       ("",          "",          "",          "own",       ALL,   ALL),
    "export":      ("",          "",          "own",       "own",       "own", ALL),
    "export by a machine": ("",  "",          "",          "own",       ALL,   ALL),
}  # fmt: skip

# What a door does with the rows that someone sees. Agents, leads and finance have no key to the
# admin; a case's page and the handbook are for those who have a word to give. What is not named
# here is not in the admin.
ADMIN_DOES: dict[str, dict[str, str]] = {
    "division":    {"manager": "view change",        "administrator": "view add change"},
    "team":        {"manager": "view add change",    "administrator": "view add change"},
    "tier":        {"manager": "view add change",    "administrator": "view add change"},
    "employee":    {"manager": "view add change",    "administrator": "view add change"},
    "reason code": {"manager": "view add change",    "administrator": "view"},
    "remedy":      {"manager": "view add change",    "administrator": "view"},
    "policy":      {"manager": "view add change",    "administrator": "view"},
    "draft":       {"manager": "view add change delete", "administrator": "view"},
    "budget":      {"manager": "view"},
    "entry":       {"manager": "view"},
    "incident":    {"manager": "view add change"},
    "customer":    {"manager": "view change"},
    "case":        {"manager": "view"},
    "resolution":  {"manager": "view"},
    "gap":         {"manager": "view"},
    "trial":       {"manager": "view delete"},
    "baseline":    {"manager": "view add change"},
    "wish for reports": {"administrator": "view add change"},
    "mail of a report": {"administrator": "view"},
}  # fmt: skip

# Whose remedies, that could not be carried out, a role may give back.
GIVES_BACK = {"agent": "own", "team_lead": "own team", "manager": MINE}

# Who has a door to reports, and to finance's pages of exports and of tokens.
FINANCES_PAGES = {
    "manager": "report",
    "finance": "report export token",
    "group": "report export token",
    "administrator": "token",
}

# Whose decisions a role looks at afterwards; nobody their own, whatever their role.
REVIEWS = {"team_lead": "team", "manager": "team division"}

# Whose gaps a role may answer; nobody their own, whatever their role.
ANSWERS_GAPS = {"manager": "team division"}

# Whose rows of people a role may change; nobody's own, whatever their role.
CHANGES_PEOPLE = {
    "manager": {"agent", "team_lead", "manager"},
    "administrator": {"agent", "team_lead", "manager", "finance", "administrator"},
}


def sees(reader: str, thing: str) -> set[str]:
    """Whose rows of a thing the reader sees."""
    return set(SEES[thing][READERS.index(reader)].split())


def admin_does(reader: str, thing: str) -> set[str]:
    """What the reader may do in the admin with the rows of a thing that they see."""
    return set(ADMIN_DOES[thing].get(reader, "").split())
