"""Every text that people read is marked for translation: in templates, and where Python hands one over.

What no user reads stays in English: commands, loading of files, the typesetting of prints, what programs read.
"""

import ast
import builtins
import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from django.template.base import Lexer, Token, TokenType

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ["people", "schedule", "themes", "roundtables", "workshops", "programme", "registrations", "documents"]
WITHOUT_USERS = {"migrations", "management", "fixture.py", "populating.py", "pdf", "api"}
WORD = re.compile(r"[^\W\d_]{2,}")

# Templates
READ_ATTRIBUTES = {"title", "aria-label", "aria-description", "aria-roledescription", "alt", "placeholder", "label"}
BUTTONS = {"submit", "button", "reset"}
NOT_READ = {"script", "style", "code", "kbd"}
TRANSLATED = {"translate", "trans"}
UNTIL = {
    "blocktranslate": "endblocktranslate",
    "blocktrans": "endblocktrans",
    "comment": "endcomment",
    "block bodyclass": "endblock",  # these two fill a class attribute
    "block kind": "endblock",
}
MARKED_ARGUMENT = re.compile(r"""_\((?P<quote>["']).*?(?P=quote)\)""")
ARGUMENT = re.compile(r"""(?<!date:)(?P<quote>["'])(?P<text>.*?)(?P=quote)""")
SENTENCE = re.compile(r"^[A-Z][a-z]+\b(?!\.)|[a-z]{2,} [a-z]")  # other arguments are keys and names of files
ICON_WORDS = {"PDF"}  # the same in every language

# Python
READ_ARGUMENTS = {
    *("verbose_name", "verbose_name_plural", "help_text", "label", "empty_label", "short_description", "description"),
    *("violation_error_message", "message", "site_header", "site_title", "index_title", "empty_value_display"),
}
READ_CHOICES = {"choices", "error_messages", "labels", "help_texts"}
READ_CALLS = {"ValidationError", "Problem", "append_text"}
READ_AFTER_FIRST = {"add_error", "message_user", "log_addition", "log_change"}  # the first says where or to whom
MESSAGES = {"success", "info", "warning", "error", "debug"}
GETTEXT = re.compile(r"^_$|^n?p?gettext(_lazy|_noop)?$")
ENUMERATIONS = {"TextChoices", "IntegerChoices"}


def main() -> int:
    faults = [*templates(ROOT / "templates"), *(fault for room in ROOMS for fault in python(ROOT / room))]
    print("\n".join(faults))
    return 1 if faults else 0


def templates(folder: Path) -> Iterator[str]:
    for path in sorted((*folder.rglob("*.html"), *folder.rglob("*.txt"))):
        for line, text in in_template(path.read_text(encoding="utf-8"), plain=path.suffix == ".txt"):
            yield f"{path.relative_to(folder.parent)}:{line}: {text}"


def python(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.py")):
        if not WITHOUT_USERS & set(path.relative_to(folder).parts):
            for line, text in in_python(path.read_text(encoding="utf-8")):
                yield f"{path.relative_to(folder.parent)}:{line}: {text}"


def in_template(source: str, *, plain: bool = False) -> Iterator[tuple[int, str]]:
    """Lines and texts that stand outside `translate` and `blocktranslate`."""
    rest, until = "", ""
    for token in Lexer(source).tokenize():
        name = token.contents.split(" ", 1)[0] if token.token_type == TokenType.BLOCK else ""
        name = token.contents if token.contents in UNTIL else name
        if until:
            until = "" if name == until else until
            rest += "\n" * token.contents.count("\n")
        elif name in UNTIL:
            until = UNTIL[name]
        elif token.token_type == TokenType.TEXT:
            rest += token.contents
        elif name not in TRANSLATED:
            rest += "…" if token.token_type == TokenType.VAR else ""
            yield from ((token.lineno or 0, text) for text in arguments(token))
    reader = Reader()
    if plain:
        reader.handle_data(rest)
    else:
        reader.feed(rest)
        reader.close()
    yield from reader.found


def arguments(token: Token) -> Iterator[str]:
    """Words handed to a tag or a filter, as `_("…")` hands them over translated."""
    if token.token_type != TokenType.COMMENT:
        for found in ARGUMENT.finditer(MARKED_ARGUMENT.sub("", token.contents)):
            if SENTENCE.search(found["text"]):
                yield found["text"]


class Reader(HTMLParser):
    """Collects what people read of a page: its words and the attributes made of words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self.unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.unread += tag in NOT_READ
        read = set(READ_ATTRIBUTES)
        if tag == "input" and given.get("type") in BUTTONS:
            read.add("value")
        if tag == "meta" and given.get("name") == "description":
            read.add("content")
        for name in sorted(read & given.keys()):
            self.take(given[name], self.getpos()[0])

    def handle_endtag(self, tag: str) -> None:
        self.unread -= tag in NOT_READ

    def handle_data(self, data: str) -> None:
        if not self.unread:
            for number, line in enumerate(data.splitlines(), self.getpos()[0]):
                self.take(line, number)

    def take(self, text: str, line: int) -> None:
        if set(WORD.findall(text)) - ICON_WORDS:
            self.found.append((line, " ".join(text.split())))


def in_python(source: str) -> list[tuple[int, str]]:
    """Lines and literal texts handed to what shows them to people."""
    values = (value for node in ast.walk(ast.parse(source)) for value in handed(node))
    return sorted({(literal.lineno, str(literal.value)) for value in values for literal in literals(value)})


def handed(node: ast.AST) -> Iterator[ast.expr]:
    """The expressions whose text people will read."""
    match node:
        case ast.Call(func=called, args=positional, keywords=keywords):
            name = _name(called)
            of = _name(getattr(called, "value", None))
            if name in READ_CALLS:
                yield from positional
            elif name in READ_AFTER_FIRST or (name in MESSAGES and of == "messages"):
                yield from positional[1:]
            elif name.endswith("Field") and of == "models":
                yield from positional[:1]
            for keyword in keywords:
                yield from named(keyword.arg or "", keyword.value)
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from named(_name(target), value)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield from named(_name(target), value)
        case ast.Raise(exc=ast.Call(func=called, args=positional)) if _name(called).endswith(("Error", "Refused")):
            if not hasattr(builtins, _name(called)):
                yield from positional
        case ast.ClassDef(bases=bases, body=body) if ENUMERATIONS & {_name(base) for base in bases}:
            for member in body:
                if isinstance(member, ast.Assign):
                    yield member.value.elts[-1] if isinstance(member.value, ast.Tuple) else member.value


def named(name: str, value: ast.expr) -> Iterator[ast.expr]:
    if name in READ_ARGUMENTS:
        yield value
    elif name in READ_CHOICES and isinstance(value, ast.Dict):
        yield from value.values
    elif name in READ_CHOICES and isinstance(value, ast.List | ast.Tuple):
        yield from (pair.elts[-1] for pair in value.elts if isinstance(pair, ast.Tuple) and pair.elts)


def literals(value: ast.expr) -> Iterator[ast.Constant]:
    """The words in an expression, except where gettext has them; calculated text is looked into."""
    match value:
        case ast.Constant(value=str() as text) if WORD.search(text):
            yield value
        case ast.JoinedStr(values=parts):
            for part in parts:
                yield from literals(part)
        case ast.BinOp(left=left, op=ast.Mod()):
            yield from literals(left)
        case ast.BinOp(left=left, right=right):
            yield from (*literals(left), *literals(right))
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*literals(body), *literals(orelse))
        case ast.BoolOp(values=several) | ast.List(elts=several) | ast.Tuple(elts=several) | ast.Dict(values=several):
            for one in several:
                yield from literals(one)
        case ast.Call(func=ast.Attribute(value=text, attr="format" | "join")):
            yield from literals(text)


def _name(node: ast.AST | None) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


if __name__ == "__main__":
    sys.exit(main())
