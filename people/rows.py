"""Rows by statements that are put together once, and read by PostgreSQL once for each connection.

Django would write the same SQL again each time, and PostgreSQL parse and plan it again.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache, wraps
from operator import attrgetter
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import DEFAULT_DB_ALIAS, Error, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models.base import ModelState
from django.db.models.sql.compiler import SQLCompiler
from psycopg2.extras import DateTimeTZRange

M = TypeVar("M", bound=models.Model)

Statement = tuple[str, Sequence[Any]]  # with its values

# A column of an answer: the name of the attribute, and what makes the value where the driver’s is not it
Column = tuple[str, Callable[..., Any] | None]

# Rows of `together`, and what is done once each is written
KeptBack = list[tuple[models.Model, Callable[[], None] | None]]
_kept_back: ContextVar[KeptBack | None] = ContextVar("rows of `together`", default=None)

# What the driver takes as it stands in a row. Django would ask each field five times first.
PLAIN = {
    models.CharField,
    models.DateTimeField,
    models.ForeignKey,
    models.PositiveIntegerField,
    models.PositiveSmallIntegerField,
    models.TextField,
    models.UUIDField,
}

# By connection of the driver: how a statement that PostgreSQL knows there is asked for
_prepared: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()

MARK = 2**52  # stands for an argument while a query is put together: no key and no constant is as large


def prepared(query: Callable[..., models.QuerySet[M]]) -> Callable[..., list[M]]:
    """What `query` finds for its arguments: keys or words to compare with. Nothing else may decide what it asks.

    Related rows come along where `select_related` names them.
    """

    @cache
    def statement(count: int) -> tuple[str, list[Any], Shape]:
        marks = [str(MARK + n) for n in range(count)]
        compiler = query(*marks).query.get_compiler(DEFAULT_DB_ALIAS)
        sql, values = compiler.as_sql()
        shape = _shape(compiler, compiler.klass_info, compiler.annotation_col_map)
        return sql, [marks.index(str(one)) if str(one) in marks else [one] for one in values], shape

    @wraps(query)
    def fetch(*arguments: Any) -> list[M]:
        sql, values, shape = statement(len(arguments))
        with read(sql, [arguments[one] if isinstance(one, int) else one[0] for one in values]) as cursor:
            return [shape.row(values) for values in cursor.fetchall()]

    return fetch


@dataclass(frozen=True)
class Shape:
    """Where the columns of a row stand in an answer, its key, and the rows related to it with how to join them."""

    model: type[models.Model]
    columns: "Columns"
    at: list[int]
    key: int
    related: list[tuple["Shape", Callable[..., None], Callable[..., None]]]

    def row(self, values: Sequence[Any]) -> Any:
        row = instance(self.model, self.columns, [values[one] for one in self.at])
        for shape, know, be_known in self.related:
            other = None if values[shape.key] is None else shape.row(values)
            know(row, other)
            if other:
                be_known(other, row)
        return row


def _shape(compiler: SQLCompiler, info: Mapping[str, Any], annotations: Mapping[str, int]) -> Shape:
    expressions = [one for one, _sql, _alias in compiler.select]
    fields = {expressions[one].target: one for one in info["select_fields"]}
    columns = [column(field) for field in fields]
    columns += [column(expressions[one].output_field, name) for name, one in annotations.items()]
    related = [
        (_shape(compiler, other, {}), other["local_setter"], other["remote_setter"])
        for other in info.get("related_klass_infos", ())
    ]
    at = [*fields.values(), *annotations.values()]
    return Shape(info["model"], Columns.of(columns), at, fields[info["model"]._meta.pk], related)


def read(sql: str, values: Sequence[Any]) -> CursorWrapper:
    """As `run`. Outside a transaction a read finds out by itself whether the connection still works.

    Django would ask that by a statement of its own, before the first of each request.
    """
    own = connections[DEFAULT_DB_ALIAS]
    if own.in_atomic_block:
        return _asked(own, sql, values)
    own.health_check_done = True  # type: ignore[attr-defined]
    try:
        return _asked(own, sql, values)
    except Error:
        if own.is_usable():
            raise
        own.close()
        return _asked(own, sql, values)


def run(sql: str, values: Sequence[Any], *, ahead: Statement | None = None) -> CursorWrapper:
    """The cursor of a statement of always the same text, to be closed by the caller.

    `ahead` is another that is sent with it and runs first; what it answers is dropped. Both are one transaction.
    """
    return _asked(connections[DEFAULT_DB_ALIAS], sql, values, ahead)


def _asked(own: BaseDatabaseWrapper, sql: str, values: Sequence[Any], ahead: Statement | None = None) -> CursorWrapper:
    cursor = own.cursor()
    if ahead:
        cursor.execute(f"{_known(own, *ahead)}; {_known(own, sql, values)}", [*ahead[1], *values])
    else:
        cursor.execute(_known(own, sql, values), values)
    return cursor


def _known(own: BaseDatabaseWrapper, sql: str, values: Sequence[Any]) -> str:
    """How a statement is asked for that PostgreSQL has read on this connection."""
    known = _prepared.setdefault(own.connection, {})
    if sql not in known:
        name = f"rows_{len(known)}"
        with own.wrap_database_errors, own.connection.cursor() as cursor:
            cursor.execute(f"PREPARE {name} AS {sql % tuple(f'${n}' for n, _value in enumerate(values, start=1))}")
        known[sql] = f"EXECUTE {name} ({', '.join(['%s'] * len(values))})"
    return known[sql]


def column(field: models.Field, name: str | None = None) -> Column:
    return name or field.attname, getattr(field, "from_db_value", None)


@dataclass(frozen=True)
class Columns:
    """Attributes of a row in the order of its values, and those whose values are to be made of the driver’s."""

    names: tuple[str, ...]
    converted: tuple[tuple[str, Callable[..., Any]], ...]

    @classmethod
    def of(cls, columns: Sequence[Column]) -> "Columns":
        names, converted = (name for name, _convert in columns), ((name, one) for name, one in columns if one)
        return cls(tuple(names), tuple(converted))


def instance(model: type[M], columns: Columns, values: Iterable[Any]) -> M:
    """Made as unpickling makes it: `__init__` would look at each field that was not read, too."""
    made = stored(model)
    held = made.__dict__
    held.update(zip(columns.names, values, strict=True))
    for name, convert in columns.converted:
        held[name] = convert(held[name], None, connection)
    return made


def stored(model: type[M], **values: Any) -> M:
    """A row that is there, of which so much is known; the rest is fetched when it is asked for."""
    made = model.__new__(model)
    made._state = ModelState()
    made._state.adding, made._state.db = False, DEFAULT_DB_ALIAS
    made.__dict__.update(values)
    return made


def relate(row: models.Model, **others: models.Model | None) -> None:
    """Sets related rows whose keys stand in `row` already; each would else be looked at again."""
    row._state.fields_cache.update(others)


def new(model: type[M], **values: Any) -> M:
    """A row to be written, by the names of attributes: of related rows the keys. `__init__` looks at each field."""
    made = model.__new__(model)
    made._state = ModelState()
    constant, computed = _defaults(model)
    made.__dict__.update(constant)
    for name, default in computed:
        made.__dict__[name] = default()
    made.__dict__.update(values)
    return made


@cache
def _defaults(model: type[models.Model]) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]]]:
    fields = model._meta.concrete_fields
    computed = [field for field in fields if field.has_default() and callable(field.default)]
    constant = {field.attname: field.get_default() for field in fields if field not in computed}
    return constant, [(field.attname, field.default) for field in computed]


def insert(row: models.Model, *, then: Callable[[], None] | None = None) -> None:
    """Write a new row of a model without parents, and do `then`. Calls neither its `save()` nor signals."""
    kept_back = _kept_back.get()
    if kept_back is None:
        _insert([(row, then)])
    else:
        kept_back.append((row, then))


@contextmanager
def together(*, ahead: Statement | None = None) -> Iterator[None]:
    """What is inserted within is written at the end by one statement, after `ahead`; keys are known only then.

    Outside a transaction the two are one: all is written or nothing.
    """
    kept_back: KeptBack = []
    token = _kept_back.set(kept_back)
    try:
        yield
    finally:
        _kept_back.reset(token)
    if kept_back:
        _insert(kept_back, ahead)


def _insert(kept_back: KeptBack, ahead: Statement | None = None) -> None:
    _write([row for row, _then in kept_back], ahead)
    for _row, then in kept_back:
        if then:
            then()


def _write(rows: list[models.Model], ahead: Statement | None = None) -> None:
    sql, columns = _statement(*map(type, rows))
    values = [value(row) for row, written in zip(rows, columns, strict=True) for value in written]
    with run(sql, values, ahead=ahead) as cursor:
        for row, key in zip(rows, cursor.fetchone(), strict=True):
            row.pk, row._state.adding, row._state.db = key, False, DEFAULT_DB_ALIAS


@cache
def _statement(*written: type[models.Model]) -> tuple[str, list[list[Callable[[models.Model], Any]]]]:
    columns = [[field for field in model._meta.local_concrete_fields if not field.primary_key] for model in written]
    names = [f"row_{n}" for n in range(len(written))]
    parts = [f"{name} AS ({_into(model, fields)})" for name, model, fields in zip(names, written, columns, strict=True)]
    sql = f"WITH {', '.join(parts)} SELECT * FROM {', '.join(names)}"  # noqa: S608
    return sql, [[_value_of(field) for field in fields] for fields in columns]


def _value_of(field: models.Field) -> Callable[[models.Model], Any]:
    """What takes the value of a column out of a row."""
    if type(field) in PLAIN and not getattr(field, "auto_now", False) and not getattr(field, "auto_now_add", False):
        return attrgetter(field.attname)
    if type(field) is DateTimeRangeField:
        return lambda row: _hours(getattr(row, field.attname))
    if type(field) is models.JSONField and field.encoder is None:
        return lambda row: _json(getattr(row, field.attname))
    return lambda row: field.get_db_prep_save(field.pre_save(row, True), connection)


@lru_cache(maxsize=1024)
def _hours(value: DateTimeTZRange | None) -> str | None:
    """Many rows have the same; the driver would put the words together for each."""
    return None if value is None else str(value)


def _json(value: object) -> str | None:
    return None if value is None else json.dumps(value)


def _into(model: type[models.Model], fields: list[models.Field]) -> str:
    columns, values = ", ".join(f'"{field.column}"' for field in fields), ", ".join(["%s"] * len(fields))
    into = f'INSERT INTO "{model._meta.db_table}" ({columns})'
    return f'{into} VALUES ({values}) RETURNING "{model._meta.pk.column}"'
