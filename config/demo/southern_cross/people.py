"""Who works at Southern Cross Mobile."""

from config.demo.plan import PersonPlan

BILLING, SERVICE, PERTH = "Sydney Billing", "Sydney Service", "Perth"

_REPS = [
    ("Jarrah", "Thompson", BILLING),
    ("Mei-Ling", "Cheung", BILLING),
    ("Sione", "Tuilagi", BILLING),
    ("Georgia", "Papadimitriou", BILLING),
    ("Rajesh", "Venkataraman", BILLING),
    ("Chloe", "Nguyen", BILLING),
    ("Ahmed", "El-Sayed", BILLING),
    ("Brigid", "Kennedy", BILLING),
    ("Tane", "Ngata", BILLING),
    ("Aroha", "Parata", SERVICE),
    ("Minh Khai", "Trần", SERVICE),
    ("Luca", "Santangelo", SERVICE),
    ("Anjali", "Wickramasinghe", SERVICE),
    ("Bodhi", "Carmichael", SERVICE),
    ("Leilani", "Fa'asavalu", SERVICE),
    ("Joaquín", "Fernández-Villaverde", SERVICE),
    ("Kirra", "Williams", SERVICE),
    ("Hyun-woo", "Jeong", SERVICE),
    ("Ruby", "Abernethy", PERTH),
    ("Wei", "Zhang", PERTH),
    ("Thandiwe", "Mokoena", PERTH),
    ("Cormac", "Gallagher", PERTH),
    ("Nadia", "Hosseini", PERTH),
    ("Jedda", "Morrison", PERTH),
    ("Venkata Lakshmi Narasimha Rao", "Subrahmanyam-Chandrasekhar", PERTH),
]


def _lead(number: int, first: str, last: str, team: str) -> PersonPlan:
    return PersonPlan(f"scm.lead{number}", first, last, "Team lead", "team_lead", team, "Team lead")


PEOPLE = [
    *(
        PersonPlan(f"scm.rep{number}", first, last, "Care representative", team=team, tier="Rep")
        for number, (first, last, team) in enumerate(_REPS, start=1)
    ),
    _lead(1, "Marguerite", "Fitzgibbon", BILLING),
    _lead(2, "Dilan", "Gunawardena", SERVICE),
    _lead(3, "Hamish", "Ogilvie", PERTH),
    PersonPlan("scm.manager", "Eleni", "Stavropoulos", "Head of care", "manager", BILLING),
]
