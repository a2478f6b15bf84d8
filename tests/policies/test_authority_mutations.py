"""Whoever breaks a comparison in authority hears of it.

Every comparison, sign and choice in `authority.py`, `bounds.py`, `question.py` and `rules.py` is
turned round, one at a time; the examples or the oracle must notice each.
"""

import ast
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from itertools import product
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings

from policies import authority, bounds, question, rules
from tests.policies import examples
from tests.policies.mutants import Mutant, mutants_of
from tests.policies.oracle import Opinion, offers, opinions, read
from tests.policies.strategies import situations

Checked = tuple[Any, list[Opinion], list[Opinion]]

EXAMPLES = [
    example
    for module in iter_modules(examples.__path__, f"{examples.__name__}.")
    for name, example in vars(import_module(module.name)).items()
    if name.startswith("test_")
]
MODULES = (authority, bounds, question, rules)
MUTANTS = [mutant for module in MODULES for mutant in mutants_of(module)]


@pytest.fixture(scope="module")
def second_opinions() -> list[Checked]:
    """What the oracle says in a hundred situations, always the same ones."""
    found: list[Checked] = []

    @settings(max_examples=100, derandomize=True, deadline=None, database=None)
    @given(situations())
    def collect(situation: Any) -> None:
        found.append((situation, opinions(*situation), offers(*situation)))

    collect()
    return found


def all_examples() -> Iterator[Callable[[], None]]:
    """Each example as a function without arguments."""
    for example in EXAMPLES:
        marks = [m for m in getattr(example, "pytestmark", []) if m.name == "parametrize"]
        for rows in product(*(mark.args[1] for mark in marks)):
            filled: dict[str, Any] = {}
            for mark, row in zip(marks, rows, strict=True):
                filled |= dict(zip(mark.args[0], row, strict=True))
            yield partial(example, **filled)


def is_noticed(second_opinions: list[Checked]) -> bool:
    """Whether an example fails, or the oracle disagrees."""
    try:
        for example in all_examples():
            example()
        for situation, decided, offered in second_opinions:
            assert [read(d) for d in authority.decide(*situation)] == decided
            assert [read(d) for d in authority.options(*situation)] == offered
    except Exception:  # noqa: BLE001
        return True
    return False


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_nobody_complains_about_the_code_as_it_is(
    module: ModuleType, second_opinions: list[Checked]
) -> None:
    tree = ast.parse(Path(str(module.__file__)).read_text())
    with Mutant(module, tree, tree, "body", tree.body).in_place():
        assert not is_noticed(second_opinions)


@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_a_broken_rule_is_noticed(mutant: Mutant, second_opinions: list[Checked]) -> None:
    with mutant.in_place():
        noticed = is_noticed(second_opinions)
    assert noticed, f"nobody noticed {mutant}"
