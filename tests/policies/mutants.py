"""Breaks one comparison, sign or choice of a module at a time, in place, and mends it again.

The functions themselves get other code for a moment, so that whoever imported them sees it.
"""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

_SWAPS: dict[type[ast.AST], list[type[ast.AST]]] = {
    ast.Lt: [ast.LtE, ast.GtE],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.LtE],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
    ast.And: [ast.Or],
    ast.Or: [ast.And],
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Div],
    ast.Div: [ast.Mult],
    ast.FloorDiv: [ast.Div],
    ast.USub: [ast.UAdd],
}
_OTHER_NAMES = {"max": "min", "min": "max", "any": "all", "all": "any"}


@dataclass(frozen=True)
class Mutant:
    """A module with one thing in it turned round."""

    module: ModuleType
    tree: ast.Module
    node: ast.AST
    attribute: str
    value: Any

    def __str__(self) -> str:
        before = ast.unparse(self.node)
        with self._written():
            after = ast.unparse(self.node)
        line = getattr(self.node, "lineno", 0)
        return f"{self.module.__name__}:{line} {before} -> {after}".replace("\n", " ")

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Everyone works with the mutant meanwhile."""
        functions = dict(_functions(self.module))
        kept = {function: function.__code__ for function in functions.values()}
        with self._written():
            codes = dict(_codes(compile(self.tree, str(self.module.__file__), "exec")))
        for key, function in functions.items():
            function.__code__ = codes[key]
        try:
            yield
        finally:
            for function, code in kept.items():
                function.__code__ = code

    @contextmanager
    def _written(self) -> Iterator[None]:
        """The one thing is turned round in the module's tree meanwhile."""
        name, _, place = self.attribute.partition(".")
        before = getattr(self.node, name)
        after = (
            [*before[: int(place)], self.value, *before[int(place) + 1 :]] if place else self.value
        )
        setattr(self.node, name, after)
        ast.fix_missing_locations(self.node)
        yield
        setattr(self.node, name, before)


def mutants_of(module: ModuleType) -> list[Mutant]:
    """Every mutant of a module."""
    tree = ast.parse(Path(str(module.__file__)).read_text())
    return [
        Mutant(module, tree, node, attribute, value)
        for node in ast.walk(tree)
        for attribute, value in _choices(node)
    ]


def _choices(node: ast.AST) -> Iterator[tuple[str, Any]]:
    """What can be set in this node to turn it round."""
    yield from _operators(node)
    match node:
        case ast.BoolOp(values=values):
            for place in range(len(values)):
                rest = values[:place] + values[place + 1 :]
                yield "values", rest + rest[:1]  # a choice needs two to choose from
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "operand", ast.UnaryOp(ast.Not(), operand)
        case ast.Call(func=ast.Name(id=name)) if name in _OTHER_NAMES:
            yield "func", ast.Name(_OTHER_NAMES[name], ast.Load())
        case ast.MatchValue(value=ast.Constant(value=str(word))):
            yield "value", ast.Constant(f"not {word}")
        case ast.IfExp():
            yield from (("test", ast.Constant(value)) for value in (True, False))


def _operators(node: ast.AST) -> Iterator[tuple[str, Any]]:
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            yield from ((f"ops.{place}", swap()) for swap in _SWAPS[type(operator)])
    elif isinstance(node, ast.BoolOp | ast.BinOp | ast.UnaryOp):
        yield from (("op", swap()) for swap in _SWAPS.get(type(node.op), []))


def _functions(module: ModuleType) -> Iterator[tuple[tuple[str, int], FunctionType]]:
    """The functions, methods and properties of a module, and the lambdas in its tables."""
    own = [v for v in vars(module).values() if getattr(v, "__module__", "") == module.__name__]
    tables = [each for v in vars(module).values() if isinstance(v, dict) for each in v.values()]
    members = [each for v in own if isinstance(v, type) for each in vars(v).values()]
    for found in [*own, *tables, *members]:
        function = getattr(found, "fget", None) or found
        if isinstance(function, FunctionType) and function.__module__ == module.__name__:
            code = function.__code__
            if code.co_filename == module.__file__:
                yield (code.co_qualname, code.co_firstlineno), function


def _codes(code: CodeType) -> Iterator[tuple[tuple[str, int], CodeType]]:
    """The code of every function in a compiled module, by name and line."""
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield (inner.co_qualname, inner.co_firstlineno), inner
            yield from _codes(inner)
