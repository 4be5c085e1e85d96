"""What makes two prints the same print, and the code that vouches for it."""

import base64
import hashlib
import hmac
from functools import cache
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

HERE = Path(__file__).parent
LIBRARIES = ("Django", "weasyprint", "pydyf", "fonttools", "pikepdf", "segno")
CODE_LENGTH = 10


@cache
def build() -> str:
    """Changes with everything that shapes a print beside what it shows: templates, styles, fonts,
    catalogues, our code that renders, the libraries, and the address in the QR code."""
    sources = hashlib.sha256(settings.BASE_URL.encode())
    for library in LIBRARIES:
        sources.update(f"{library} {version(library)}\n".encode())
    for folder, pattern in (
        (settings.BASE_DIR / "templates" / "documents" / "print", "*.html"),
        (HERE / "print", "*"),
        (HERE / "fonts", "*/*.ttf"),
        (HERE / "pdf", "*.py"),
        (HERE / "kinds", "*.py"),
        (settings.BASE_DIR / "locale", "**/*.mo"),
    ):
        _add(sources, folder, pattern)
    return sources.hexdigest()[:16]


@cache
def recipe() -> str:
    """Changes with the code that reads releases."""
    sources = hashlib.sha256()
    _add(sources, HERE / "kinds", "*.py")
    _add(sources, HERE.parent / "programme", "snapshot.py")
    return sources.hexdigest()[:16]


def _add(sources: "hashlib._Hash", folder: Path, pattern: str) -> None:
    for path in sorted(folder.glob(pattern)):
        sources.update(f"{path.name} {path.stat().st_size}\n".encode() + path.read_bytes())


def identity(*parts: str) -> str:
    """Of one print: what it is of, the digest of what it shows, its edition, and the build."""
    return hashlib.sha256("\x00".join((*parts, build())).encode()).hexdigest()


def code(identity: str) -> str:
    """Short enough to type, and not to be guessed without the secret key. No 0, 1, 8 or 9 to misread."""
    keyed = hmac.new(settings.SECRET_KEY.encode(), f"document {identity}".encode(), hashlib.sha256)
    return base64.b32encode(keyed.digest()).decode()[:CODE_LENGTH]
