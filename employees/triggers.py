"""Triggers: the rules that the database keeps by itself, on PostgreSQL and SQLite.

Each app lists its triggers in `guards.py`. They are put in place after every `migrate`, and on
SQLite taken away before it: SQLite rebuilds a table to change it, which would lose its triggers
or trip over those that name it. Where tables go back to an older version, all triggers go: only
that version knows which columns are left, and its own `migrate` puts its triggers up.

A refusal reaches Django as an IntegrityError whose text is the trigger's sentence.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration
from django.db.models.signals import post_migrate, pre_migrate

logger = logging.getLogger(__name__)

_PREFIX = "leeway_"
_registered: dict[str, tuple["Trigger", ...]] = {}

# What a `migrate` does, step by step, and whether it takes the step back.
Plan = Sequence[tuple[Migration, bool]]


@dataclass(frozen=True, slots=True)
class Trigger:
    """One rule on one table.

    `event` is such as "BEFORE UPDATE"; `refuse_when` a condition on OLD and NEW, in SQL that both
    databases read, or `do` a statement to carry out instead. `concerns` is a condition on the row
    alone, such as its kind: other rows are not looked at. `only_on` names the one database that it
    is for. A deferred trigger is checked at commit; SQLite has none, so it is put up on
    PostgreSQL only.
    """

    name: str
    table: str
    event: str
    message: str = ""
    refuse_when: str = ""
    do: str = ""
    concerns: str = ""
    deferred: bool = False
    only_on: str = ""

    def create(self, vendor: str) -> list[str]:
        """The statements that put it in place."""
        only_on = "postgresql" if self.deferred else self.only_on
        if only_on not in ("", vendor):
            return []
        return [self._create_on_sqlite()] if vendor == "sqlite" else self._create_on_postgres()

    def drop(self, vendor: str) -> list[str]:
        """The statements that take it away."""
        if vendor == "sqlite":
            return [f"DROP TRIGGER IF EXISTS {_PREFIX}{self.name}"]
        return [f"DROP TRIGGER IF EXISTS {_PREFIX}{self.name} ON {self.table}"]

    @property
    def _when(self) -> str:
        return f"WHEN ({self.concerns}) " if self.concerns else ""

    def _create_on_sqlite(self) -> str:
        body = self.do or f"SELECT RAISE(ABORT, '{self.message}') WHERE {self.refuse_when}"
        return (
            f"CREATE TRIGGER {_PREFIX}{self.name} {self.event} ON {self.table} "
            f"FOR EACH ROW {self._when}BEGIN {body}; END"
        )

    def _create_on_postgres(self) -> list[str]:
        refuse = (
            f"IF {self.refuse_when} THEN "
            f"RAISE EXCEPTION '{self.message}' USING ERRCODE = 'check_violation'; END IF"
        )
        constraint, deferrable = (
            ("CONSTRAINT ", "DEFERRABLE INITIALLY DEFERRED ") if self.deferred else ("", "")
        )
        of_all = "TRUNCATE" in self.event
        returned = "NULL" if of_all else "OLD" if "DELETE" in self.event else "NEW"
        function = (
            f"CREATE OR REPLACE FUNCTION {_PREFIX}{self.name}() RETURNS trigger AS $$ "
            f"BEGIN {self.do or refuse}; RETURN {returned}; END $$ LANGUAGE plpgsql"
        )
        each = "STATEMENT" if of_all else "ROW"
        trigger = (
            f"CREATE {constraint}TRIGGER {_PREFIX}{self.name} {self.event} ON {self.table} "
            f"{deferrable}FOR EACH {each} {self._when}EXECUTE FUNCTION {_PREFIX}{self.name}()"
        )
        return [function, *self.drop("postgresql"), trigger]


def never_changes(
    table: str, message: str, *, only: str = "1 = 1", keys: Sequence[str] = ()
) -> list[Trigger]:
    """Refuse to change or delete a row, or only those where `only` holds for OLD.

    `keys` are the table's unique columns beside its id, with commas where several make one:
    SQLite's REPLACE deletes whatever stands in the way of a key, past the triggers on deleting.
    PostgreSQL's TRUNCATE passes them too.
    """
    kept = only.replace("OLD.", "kept.")
    same = " OR ".join(
        "(" + " AND ".join(f"kept.{c} = NEW.{c}" for c in key.replace(",", " ").split()) + ")"
        for key in ("id", *keys)
    )
    in_the_way = f"EXISTS (SELECT 1 FROM {table} kept WHERE {kept} AND ({same}))"
    other = f"EXISTS (SELECT 1 FROM {table} kept WHERE {kept} AND kept.id <> OLD.id AND ({same}))"
    some = f"EXISTS (SELECT 1 FROM {table} kept WHERE {kept})"

    def trigger(name: str, event: str, when: str, only_on: str = "") -> Trigger:
        return Trigger(f"{table}_{name}", table, event, message, when, only_on=only_on)

    return [
        trigger("update", "BEFORE UPDATE", only),
        trigger("delete", "BEFORE DELETE", only),
        trigger("replace", "BEFORE INSERT", in_the_way, "sqlite"),
        trigger("replace_by_update", "BEFORE UPDATE", other, "sqlite"),
        trigger("truncate", "BEFORE TRUNCATE", some, "postgresql"),
    ]


def changed(columns: Sequence[str]) -> str:
    """A condition: one of these columns is another now. JSON is compared as text."""
    as_text = "COALESCE(CAST({row}.{column} AS TEXT), '')"
    return " OR ".join(
        f"{as_text.format(row='NEW', column=c)} <> {as_text.format(row='OLD', column=c)}"
        for c in columns
    )


def keep(app: AppConfig, triggers: Sequence[Trigger]) -> None:
    """Keep these triggers in place after every migrate of the app."""
    _registered[app.label] = tuple(triggers)
    pre_migrate.connect(_make_way, sender=app, dispatch_uid=f"{app.label}.triggers.make_way")
    post_migrate.connect(_put_in_place, sender=app, dispatch_uid=f"{app.label}.triggers.place")


def take_away(connection: BaseDatabaseWrapper) -> None:
    """Take every trigger away: for a migration on SQLite, and for tests that empty the tables."""
    for label in _registered:
        _execute(connection, label, lambda trigger: trigger.drop(connection.vendor))


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of triggers that should stand in this database and don't."""
    table = "sqlite_master" if connection.vendor == "sqlite" else "pg_trigger"
    column = "name" if connection.vendor == "sqlite" else "tgname"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")
        standing = {row[0] for row in cursor.fetchall()}
    return [
        trigger.name
        for triggers in _registered.values()
        for trigger in triggers
        if trigger.create(connection.vendor) and f"{_PREFIX}{trigger.name}" not in standing
    ]


def _make_way(sender: AppConfig, using: str, plan: Plan = (), **kwargs: Any) -> None:
    if connections[using].vendor == "sqlite" or _goes_back(plan):
        take_away(connections[using])


def _put_in_place(sender: AppConfig, using: str, plan: Plan = (), **kwargs: Any) -> None:
    if _goes_back(plan):
        logger.warning("%s: no triggers; run migrate of the version that fits.", sender.label)
        return
    connection = connections[using]
    if connection.vendor == "sqlite":
        _execute(connection, sender.label, lambda trigger: trigger.drop("sqlite"))
    _execute(connection, sender.label, lambda trigger: trigger.create(connection.vendor))


def _goes_back(plan: Plan) -> bool:
    """Whether tables that may have triggers become those of an older version."""
    return any(backwards and step.app_label in _registered for step, backwards in plan)


def _execute(
    connection: BaseDatabaseWrapper, label: str, statements: Callable[[Trigger], list[str]]
) -> None:
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for trigger in _registered[label]:
            if trigger.table in tables:
                for statement in statements(trigger):
                    cursor.execute(statement)
