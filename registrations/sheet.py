"""Delegates from a spreadsheet: the template, reading what came back, and keeping it until it is confirmed."""

import csv
import io
import json
import secrets
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from people.direction import isolated
from people.models import Person, User
from people.spreadsheets import MAX_BYTES, MAX_UNPACKED

from .fields import opened, sealed
from .forms import RowForm
from .models import Delegate, Delegation
from .services import RegistrationRefused, add_delegates
from .services.membership import make_room

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET = "delegates"
MAX_ROWS = 500
MAX_COLUMNS = 50
KEPT_FOR = 60 * 60  # seconds between the preview and the confirmation


class SheetRefused(ValueError):
    """Why no row of the file can be looked at; the sentence says what to do."""


@dataclass(frozen=True)
class Line:
    """A row as it was typed: its number in the file, and what stands under each heading."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    letters: Mapping[str, str]  # heading → the letter of its column
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Reason:
    cell: str
    heading: str
    words: str


@dataclass(frozen=True)
class Row:
    """A row as it was understood. `reasons` stand in its way; `doubts` are for the reader to look at."""

    number: int
    form: RowForm
    reasons: tuple[Reason, ...]
    doubts: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    rows: tuple[Row, ...]
    refusal: str  # of the whole: no room

    @property
    def bad(self) -> list[Row]:
        return [row for row in self.rows if row.reasons]

    @property
    def doubtful(self) -> list[Row]:
        return [row for row in self.rows if row.doubts]

    @property
    def is_good(self) -> bool:
        return not self.refusal and not self.bad


# The template


def template(delegation: Delegation) -> bytes:
    """An empty sheet with its headings; a second one explains them in the reader’s language."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    explained = book.create_sheet(_("Explanations"))
    explained.sheet_view.rightToLeft = get_language_bidi()
    explained.append([_("Column"), _("What belongs there")])
    for place, (heading, words) in enumerate(explanations(delegation), 1):
        sheet.cell(1, place, heading).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = 22
        explained.append([heading, words])
    sheet.freeze_panes = "A2"
    for cell in explained[1]:
        cell.font = Font(bold=True)
    for (cell,) in explained["B2" : f"B{explained.max_row}"]:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    explained.column_dimensions["A"].width, explained.column_dimensions["B"].width = 18, 90
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def explanations(delegation: Delegation) -> list[tuple[str, str]]:
    """The headings, which are the same in every language, and what stands under them."""
    found = []
    for heading, field in RowForm(forum=delegation.forum).fields.items():
        must = _("Must be filled.") if field.required else ""
        found.append((heading, " ".join(filter(None, [f"{field.label}.", must, str(field.help_text)]))))
    return found


# Reading


def read(file: UploadedFile) -> Table:
    """The rows of an XLSX or CSV file. Raises `SheetRefused` for what is no such table."""
    if (file.size or 0) > MAX_BYTES:
        raise SheetRefused(_("The file is larger than 5 MB."))
    content = file.read()
    rows = _of_xlsx(content) if content.startswith(b"PK") else _of_csv(content)
    head, *body = rows or [[]]
    places = _places(head, body)
    lines = []
    for number, row in enumerate(body, 2):
        cells = {name: _text(row[place]) if place < len(row) else "" for name, place in places.items()}
        if any(cells.values()):
            lines.append(Line(number, cells))
    if not lines:
        raise SheetRefused(_("No delegates stand in the file. Enter each in a row below the headings."))
    return Table({name: get_column_letter(place + 1) for name, place in places.items()}, tuple(lines))


def _of_xlsx(content: bytes) -> list[list[Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                raise ValueError("too large")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl does not know, which is not read here
            book = load_workbook(io.BytesIO(content), read_only=True)
            sheet = book[SHEET] if SHEET in book.sheetnames else book.worksheets[0]
            found = sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS, values_only=True)
            rows = [list(row) for row in found]
    except Exception as error:  # whatever a damaged or hostile file makes the reader raise
        raise SheetRefused(_("The file cannot be read. Save it anew as XLSX or CSV and try again.")) from error
    return _few(rows)


def _of_csv(content: bytes) -> list[list[Any]]:
    try:
        text = content.decode("utf-8-sig")
        if "\0" in text:
            raise ValueError("not text")
        first = text.partition("\n")[0]
        delimiter = max(",;\t", key=first.count)
        rows = []
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(row[:MAX_COLUMNS])
            if len(rows) > MAX_ROWS + 1:
                break
    except (ValueError, csv.Error) as error:
        raise SheetRefused(_("The file cannot be read. Save it as XLSX, or as CSV in UTF-8, and try again.")) from error
    return _few(rows)


def _few(rows: list[list[Any]]) -> list[list[Any]]:
    while rows and not any(_text(cell) for cell in rows[-1]):
        rows.pop()
    if len(rows) > MAX_ROWS + 1:
        raise SheetRefused(_("The file has more than %(rows)d rows. Divide it.") % {"rows": MAX_ROWS})
    return rows


def _places(head: list[Any], body: list[list[Any]]) -> dict[str, int]:
    """Where each heading stands."""
    width = max(map(len, body), default=0)
    head = [_text(cell).lower().replace(" ", "_") for cell in head] + [""] * (width - len(head))
    unknown = [
        name or get_column_letter(place + 1)
        for place, name in enumerate(head)
        if name not in RowForm.base_fields and (name or any(place < len(row) and _text(row[place]) for row in body))
    ]
    if unknown:
        raise SheetRefused(_("Unknown columns: %(names)s.") % {"names": isolated(", ".join(unknown)[:300])})
    if twice := sorted({name for name in head if name and head.count(name) > 1}):
        raise SheetRefused(_("These columns stand twice: %(names)s.") % {"names": isolated(", ".join(twice))})
    if "family_name" not in head:
        raise SheetRefused(
            _("The column %(name)s is missing. Begin with the template, and leave its headings as they are.")
            % {"name": isolated("family_name")}
        )
    return {name: place for place, name in enumerate(head) if name}


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        cell = cell.date()
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip()


# What it would do


def look(delegation: Delegation, table: Table) -> Preview:
    """Every row with what is wrong in it, and names that stand there already."""
    seen = _names_of(delegation)
    rows = []
    for line in table.lines:
        form = RowForm(line.cells, forum=delegation.forum)
        reasons = [
            Reason(f"{table.letters.get(heading, '')}{line.number}", heading, str(words))
            for heading, errors in form.errors.items()
            for words in errors
        ]
        rows.append(Row(line.number, form, tuple(reasons), tuple(_doubts(form, line.number, seen))))
    return Preview(tuple(rows), _no_room(delegation, len(rows)))


def _names_of(delegation: Delegation) -> dict[str, str]:
    """Every name of those who are there, as `_names` writes it, and where it stands."""
    there = _("A person of this name is in the delegation already.")
    persons = Person.objects.filter(memberships__in=Delegate.objects.present().filter(delegation=delegation))
    return {
        name: there for person in persons for name in _names(person.given_name, person.family_name, person.arabic_name)
    }


def _names(given: str, family: str, arabic: str) -> Iterator[str]:
    """In whatever order and case, so that “WERE Amina” is Amina Were."""
    for name in (f"{given} {family}", arabic):
        if words := sorted(name.casefold().split()):
            yield " ".join(words)


def _doubts(form: RowForm, number: int, seen: dict[str, str]) -> Iterator[str]:
    data = form.cleaned_data
    names = list(_names(data.get("given_name", ""), data.get("family_name", ""), data.get("arabic_name", "")))
    if where := next((seen[name] for name in names if name in seen), ""):
        yield where
    for name in names:
        seen.setdefault(name, _("A person of this name stands in row %(number)d, too.") % {"number": number})


def _no_room(delegation: Delegation, newcomers: int) -> str:
    try:
        with transaction.atomic():
            make_room(delegation, newcomers)
    except RegistrationRefused as refusal:
        return str(refusal)
    return ""


# Until it is confirmed


def keep(delegation: Delegation, user: User, table: Table) -> str:
    """Kept unreadable, needs and all, for this reader and delegation. Returns what it is asked for by."""
    token = secrets.token_urlsafe(16)
    lines = [[line.number, dict(line.cells)] for line in table.lines]
    cache.set(_place(delegation, user, token), sealed(json.dumps([dict(table.letters), lines])), KEPT_FOR)
    return token


@transaction.atomic
def enter(*, delegation: Delegation, user: User, token: str, now: datetime) -> list[Delegate] | Preview | None:
    """Enter all that is kept, once. What is in the way now is the preview of it; None when nothing is kept."""
    Delegation.objects.select_for_update(no_key=True, of=("self",)).get(pk=delegation.pk)  # one click after the other
    place = _place(delegation, user, token)
    kept = cache.get(place)
    if kept is None:
        return None
    letters, lines = json.loads(opened(kept))
    found = look(delegation, Table(letters, tuple(Line(number, cells) for number, cells in lines)))
    if not found.is_good:
        return found
    cache.delete(place)
    profiles = [row.form.profile() for row in found.rows]
    return add_delegates(delegation=delegation, profiles=profiles, by=user, now=now)


def _place(delegation: Delegation, user: User, token: str) -> str:
    return f"sheet-of-delegates:{delegation.pk}:{user.pk}:{token}"
