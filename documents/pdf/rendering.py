import gc
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import get_ident
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from weasyprint import CSS, HTML
from weasyprint.css.counters import CounterStyle
from weasyprint.logger import LOGGER
from weasyprint.urls import FatalURLFetchingError

from ..failures import Failure
from .errors import RenderError
from .fetcher import ORIGIN, OwnFiles
from .finisher import Finisher
from .fonts import own_fonts
from .limits import wind_up
from .quicker import be_quick
from .subsetting import cut_quickly

PRINT_FILES = Path(__file__).parent.parent / "print"
MAIN = "print"
VARIANT = "pdf/ua-1"
VARIABLES = re.compile(r"^(:root\S*) \{(.+?)^\}", re.MULTILINE | re.DOTALL)
# Where the last line of a block fits but for a space behind it, WeasyPrint breaks it after its first word.
SPACE_AT_END = re.compile(r"\s+(?=</(?:p|li|td|th|h\d)>)")


be_quick()
cut_quickly()


@dataclass(frozen=True)
class Rendered:
    data: bytes
    pages: int


def render(
    template: str,
    context: Mapping,
    *,
    language: str,
    prefix: str = "",
    media: Mapping[str, Path] | None = None,
    ink: str = "colour",
    styles: tuple[str, ...] = (),
) -> Rendered:
    """Print `template` in `language`, with the style sheets `styles` beside the one of all prints.

    `prefix` keeps identifiers apart when several prints become one file (see `compose`). `media`
    are the only files from outside that it may show, as `media/<name>`.
    """
    with translation.override(language):
        html = render_to_string(template, {**context, "language": language})
    return typeset(html, language=language, prefix=prefix, media=media or {}, ink=ink, styles=styles)


def typeset(
    html: str,
    *,
    language: str,
    prefix: str,
    media: Mapping[str, Path],
    ink: str = "colour",
    styles: tuple[str, ...] = (),
) -> Rendered:
    """Turn a whole HTML document into PDF. Equal input gives equal bytes."""
    html = SPACE_AT_END.sub("", html)
    wind_up()
    files = OwnFiles(PRINT_FILES, media)
    with _complaints() as complaints, _collected_once():
        rendered = _layout(html, files, [_sheet(name, language, ink) for name in (MAIN, *styles)], prefix)
    if files.refused:
        raise RenderError(Failure.FILE, files.refused[0])
    _judge(complaints)
    assert rendered
    return rendered


def _layout(html: str, files: OwnFiles, sheets: list[CSS], prefix: str) -> Rendered | None:
    """None when it asked for a file that it may not have."""
    pictures = _pictures(files.root).copy()
    try:
        document = _Page(string=html, base_url=ORIGIN, url_fetcher=files).render(
            font_config=own_fonts(), counter_style=_counters(), stylesheets=sheets, pdf_variant=VARIANT, cache=pictures
        )
        data = document.write_pdf(pdf_variant=VARIANT, finisher=Finisher(prefix))
    except FatalURLFetchingError:
        # A BaseException: `except Exception` and Celery would both let it through.
        return None
    for url, picture in pictures.items():
        if files.is_own(url):
            picture._context = picture._svg.context = None  # it would keep the whole layout of this print
            _pictures(files.root)[url] = picture
    return Rendered(data, len(document.pages))


class _Page(HTML):
    """Without the style sheet of WeasyPrint: `print.css` says what the elements are."""

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        return []


@cache
def _sheet(name: str, language: str, ink: str) -> CSS:
    """For prints in `language` and `ink`, read once in a process.

    The variables are resolved here: WeasyPrint would resolve them again for every element, which takes a tenth of
    each print.
    """
    values = _variables(language, ink)
    sheet = re.sub(VARIABLES, "", (PRINT_FILES / f"{name}.css").read_text())
    sheet = re.sub(r"var\(--([\w-]+)\)", lambda found: values[found[1]], sheet)
    return CSS(string=sheet, base_url=ORIGIN, url_fetcher=OwnFiles(PRINT_FILES, {}), counter_style=_counters())


@cache
def _variables(language: str, ink: str) -> dict[str, str]:
    """All of them are set by the style sheet of all prints."""
    values: dict[str, str] = {}
    for selector, block in re.findall(VARIABLES, (PRINT_FILES / f"{MAIN}.css").read_text()):
        if selector in (":root", f":root:lang({language})", f":root[data-ink={ink}]"):
            values |= re.findall(r"--([\w-]+): (.+);", block)
    return values


@cache
def _pictures(folder: Path) -> dict[str, Any]:
    """Those of the print files, read once in a process."""
    return {}


@cache
def _counters() -> CounterStyle:
    """Filled by the style sheet with its `@counter-style` rules."""
    return CounterStyle()


def _judge(complaints: list[logging.LogRecord]) -> None:
    """PDF/UA forbids missing glyphs, yet WeasyPrint only warns, and no checker sees them."""
    messages = [record.getMessage() for record in complaints]
    missing = {found for message in messages for found in re.findall(r"\.notdef.*(\(U\+\w+\))", message)}
    if missing:
        names = ", ".join(f"{chr(int(code[3:-1], 16))} {code}" for code in sorted(missing))
        raise RenderError(Failure.CHARACTERS, names)
    for record, message in zip(complaints, messages, strict=True):
        if record.levelno >= logging.ERROR:
            raise RenderError(Failure.TYPESETTING, message)


@contextmanager
def _collected_once() -> Iterator[None]:
    """A layout makes many objects that all stay until it is written: to look through them again and again meanwhile
    takes a seventh of a print. Afterwards they go at once, lest the next print be laid out beside them."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.collect(1)
        if was_enabled:
            gc.enable()


@contextmanager
def _complaints() -> Iterator[list[logging.LogRecord]]:
    """What WeasyPrint logs in this thread meanwhile."""
    handler = _Listener()
    LOGGER.addHandler(handler)
    try:
        yield handler.records
    finally:
        LOGGER.removeHandler(handler)


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []
        self.thread = get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread:
            self.records.append(record)
