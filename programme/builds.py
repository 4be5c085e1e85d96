"""What the code of this process is: pages made by another are not the same."""

import hashlib
from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings

SHAPING = (("templates", "**/*.html"), ("locale", "**/*.mo"), ("static", "**/*"))


@cache
def build() -> str:
    """Changes with every file that shapes a page: templates, catalogues, static files and code."""
    sources = hashlib.sha256()
    rooms = [Path(config.path) for config in apps.get_app_configs() if Path(config.path).parent == settings.BASE_DIR]
    folders = [(settings.BASE_DIR / name, pattern) for name, pattern in SHAPING] + [(room, "**/*.py") for room in rooms]
    for folder, pattern in folders:
        for path in sorted(folder.glob(pattern)):
            if path.is_file() and not path.name.startswith("."):
                sources.update(path.read_bytes())
    return sources.hexdigest()[:16]
