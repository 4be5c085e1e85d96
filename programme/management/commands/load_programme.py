from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from programme.fixture import FixtureError, Loader
from schedule.models import Forum


class Command(BaseCommand):
    help = (
        "Load a programme from a folder of YAML files. Into a database without any forum everything is made; "
        "otherwise the differences are listed and nothing changes without --overwrite. "
        "Rows of the forum that the files do not have are listed and never removed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--overwrite", action="store_true", help="make the database say what the files say")

    def handle(self, *, folder: Path, overwrite: bool, **options: Any) -> None:
        empty = not Forum.objects.exists()
        loader = Loader(folder, overwrite=overwrite, create=empty or overwrite)
        try:
            forum = loader.run()
        except FixtureError as error:
            raise CommandError(str(error)) from error
        if empty:
            self.stdout.write(f"Loaded {forum}: {len(loader.differences)} rows.")
            return
        for difference in loader.differences:
            if difference.field:
                self.stdout.write(f"{difference.row}, {difference.field}:\n  - {difference.old}\n  + {difference.new}")
            else:
                self.stdout.write(f"{difference.row}: not in the portal")
        for row in loader.unknown:
            self.stdout.write(f"{row}: not in the files; it stays")
        done = "taken over" if overwrite else "found; nothing changed. Use --overwrite to take them over"
        self.stdout.write(f"{len(loader.differences)} differences {done}.")
