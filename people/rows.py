"""Rows by statements that are put together once, and read by PostgreSQL once for each connection.

Django would write the same SQL again each time, and PostgreSQL parse and plan it again.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from operator import attrgetter
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.backends.utils import CursorWrapper
from django.db.models.base import ModelState

M = TypeVar("M", bound=models.Model)

# A column of an answer: the name of the attribute, and what makes the value where the driver’s is not it
Column = tuple[str, Callable[..., Any] | None]

_kept_back: ContextVar[list[models.Model] | None] = ContextVar("rows of `together`", default=None)

# What the driver takes as it stands in a row. Django would ask each field five times first.
PLAIN = {
    models.CharField,
    models.DateTimeField,
    models.ForeignKey,
    models.PositiveIntegerField,
    models.PositiveSmallIntegerField,
    models.TextField,
    models.UUIDField,
    DateTimeRangeField,
}

# By connection of the driver: how a statement that PostgreSQL knows there is asked for
_known: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()

MARK = 2**52  # stands for an argument while a query is put together: no key and no constant is as large


def prepared(query: Callable[..., models.QuerySet[M]]) -> Callable[..., list[M]]:
    """What `query` finds for its arguments: keys or words to compare with. Nothing else may decide what it asks.

    The rows come by themselves, without related ones.
    """

    @cache
    def statement(count: int) -> tuple[type[M], str, list[Any], list[Column]]:
        marks = [str(MARK + n) for n in range(count)]
        rows = query(*marks)
        compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, values = compiler.as_sql()
        columns = [column(one.output_field if alias else one.target, alias) for one, _sql, alias in compiler.select]
        return rows.model, sql, [marks.index(str(one)) if str(one) in marks else [one] for one in values], columns

    @wraps(query)
    def fetch(*arguments: Any) -> list[M]:
        model, sql, values, columns = statement(len(arguments))
        with run(sql, [arguments[one] if isinstance(one, int) else one[0] for one in values]) as cursor:
            return [instance(model, columns, row) for row in cursor.fetchall()]

    return fetch


def run(sql: str, values: Sequence[Any]) -> CursorWrapper:
    """The cursor of a statement of always the same text, to be closed by the caller."""
    cursor = connection.cursor()
    known = _known.setdefault(connection.connection, {})
    if sql not in known:
        name = f"rows_{len(known)}"
        with connection.wrap_database_errors, connection.connection.cursor() as own:
            own.execute(f"PREPARE {name} AS {sql % tuple(f'${n}' for n, _value in enumerate(values, start=1))}")
        known[sql] = f"EXECUTE {name} ({', '.join(['%s'] * len(values))})"
    cursor.execute(known[sql], values)
    return cursor


def column(field: models.Field, name: str | None = None) -> Column:
    return name or field.attname, getattr(field, "from_db_value", None)


def instance(model: type[M], columns: Iterable[Column], values: Iterable[Any]) -> M:
    """Made as unpickling makes it: `__init__` would look at each field that was not read, too."""
    made = model.__new__(model)
    made._state = ModelState()
    made._state.adding, made._state.db = False, DEFAULT_DB_ALIAS
    for (name, convert), value in zip(columns, values, strict=True):
        made.__dict__[name] = convert(value, None, connection) if convert else value
    return made


def relate(row: models.Model, **others: models.Model | None) -> None:
    """Sets related rows whose keys stand in `row` already; each would else be looked at again."""
    row._state.fields_cache.update(others)


def insert(row: models.Model) -> None:
    """Write a new row of a model without parents. Calls neither its `save()` nor signals."""
    kept_back = _kept_back.get()
    if kept_back is None:
        _write([row])
    else:
        kept_back.append(row)


@contextmanager
def together() -> Iterator[None]:
    """What is inserted within is written at the end by one statement; keys are known only then."""
    rows: list[models.Model] = []
    token = _kept_back.set(rows)
    try:
        yield
    finally:
        _kept_back.reset(token)
    if rows:
        _write(rows)


def _write(rows: list[models.Model]) -> None:
    sql, columns = _statement(*map(type, rows))
    values = [value(row) for row, written in zip(rows, columns, strict=True) for value in written]
    with run(sql, values) as cursor:
        for row, key in zip(rows, cursor.fetchone(), strict=True):
            row.pk, row._state.adding, row._state.db = key, False, DEFAULT_DB_ALIAS


@cache
def _statement(*written: type[models.Model]) -> tuple[str, list[list[Callable[[models.Model], Any]]]]:
    columns = [[field for field in model._meta.local_concrete_fields if not field.primary_key] for model in written]
    names = [f"row_{n}" for n in range(len(written))]
    parts = [
        f"{name} AS ({_insert(model, fields)})" for name, model, fields in zip(names, written, columns, strict=True)
    ]
    sql = f"WITH {', '.join(parts)} SELECT * FROM {', '.join(names)}"  # noqa: S608
    return sql, [[_value_of(field) for field in fields] for fields in columns]


def _value_of(field: models.Field) -> Callable[[models.Model], Any]:
    """What takes the value of a column out of a row."""
    if type(field) in PLAIN and not getattr(field, "auto_now", False) and not getattr(field, "auto_now_add", False):
        return attrgetter(field.attname)
    return lambda row: field.get_db_prep_save(field.pre_save(row, True), connection)


def _insert(model: type[models.Model], fields: list[models.Field]) -> str:
    columns, values = ", ".join(f'"{field.column}"' for field in fields), ", ".join(["%s"] * len(fields))
    into = f'INSERT INTO "{model._meta.db_table}" ({columns})'
    return f'{into} VALUES ({values}) RETURNING "{model._meta.pk.column}"'
