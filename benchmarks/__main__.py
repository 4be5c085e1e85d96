"""make bench: all, or those named in ARGS."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gfmd_portal.settings")
django.setup()

from benchmarks import badges, pages, places, prints  # noqa: E402

BENCHMARKS = {
    "prints": prints.main,
    "badges": badges.main,
    "pages": pages.main,
    "places": places.main,
}  # prints first: their memory is measured

if __name__ == "__main__":
    for name in sys.argv[1:] or BENCHMARKS:
        print(f"\n{name}")
        BENCHMARKS[name]()
