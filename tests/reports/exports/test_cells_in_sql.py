"""PostgreSQL escapes cells exactly as Python does."""

import pytest
from django.db import connection
from django.db.models import F

from employees.cells import escaped
from employees.models import Division
from reports.exports.kinds import EscapedInSql
from tests.reports.exports.odd_texts import FRAMED, ODD_TEXTS

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def escaped_by_postgres(texts: list[str]) -> dict[str, str]:
    """All of them in one query."""
    compiled, params = (
        EscapedInSql(F("name"))
        .resolve_expression(Division.objects.all().query)
        .as_sql(Division.objects.all().query.get_compiler(connection=connection), connection)
    )
    statement = compiled.replace('"employees_division"."name"', "texts.name")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT name, {statement} FROM unnest(%s::text[]) texts(name)", [*params, texts]
        )
        return dict(cursor.fetchall())


def test_the_same_texts_are_escaped_in_sql() -> None:
    texts = list(dict.fromkeys((*ODD_TEXTS, *FRAMED)))
    assert len(texts) > 2000
    assert escaped_by_postgres(texts) == {text: escaped(text) for text in texts}


def test_every_first_letter_is_taken_alike() -> None:
    letters = [
        chr(code) for code in (*range(1, 0x300), *range(0x1FFF, 0x2070), *range(0xFE00, 0x10000))
    ]
    texts = [text for letter in letters for text in (letter, f"{letter}=1")]
    assert escaped_by_postgres(texts) == {text: escaped(text) for text in texts}


def test_nothing_stays_nothing() -> None:
    assert escaped_by_postgres([None]) == {None: None}  # type: ignore[list-item]
