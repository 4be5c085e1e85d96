"""Rows by statements that are put together once, where Django would write the same SQL again each time."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models

M = TypeVar("M", bound=models.Model)

MARK = 2**52  # stands for an argument while a query is put together: no key and no constant is as large


def prepared(query: Callable[..., models.QuerySet[M]]) -> Callable[..., list[M]]:
    """What `query` finds for its arguments: keys or words to compare with. Nothing else may decide what it asks.

    The rows come by themselves, without related ones.
    """

    @cache
    def statement(count: int) -> tuple[type[M], str, list[Any]]:
        marks = [str(MARK + n) for n in range(count)]
        rows = query(*marks)
        sql, values = rows.query.sql_with_params()
        return rows.model, sql, [marks.index(str(value)) if str(value) in marks else [value] for value in values]

    @wraps(query)
    def fetch(*arguments: Any) -> list[M]:
        model, sql, values = statement(len(arguments))
        return list(model._base_manager.raw(sql, [arguments[n] if isinstance(n, int) else n[0] for n in values]))

    return fetch


def insert(row: models.Model) -> None:
    """Write a new row of a model without parents. Calls neither its `save()` nor signals."""
    sql, fields = _statement(type(row))
    with connection.cursor() as cursor:
        cursor.execute(sql, [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields])
        (row.pk,) = cursor.fetchone()
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


@cache
def _statement(model: type[models.Model]) -> tuple[str, list[models.Field]]:
    options = model._meta
    fields = [field for field in options.local_concrete_fields if not field.primary_key]
    columns, values = ", ".join(f'"{field.column}"' for field in fields), ", ".join(["%s"] * len(fields))
    into = f'INSERT INTO "{options.db_table}" ({columns})'
    return f'{into} VALUES ({values}) RETURNING "{options.pk.column}"', fields
