from io import StringIO
from typing import Any

from django.core.management import call_command
from django.core.management.commands import migrate


class Command(migrate.Command):
    """Migrates, then writes the current releases out, so that tables which are new have their rows."""

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        is_whole = not (options["app_label"] or options["plan"] or options["check_unapplied"])
        if is_whole:
            call_command("project_releases", stdout=self.stdout if options["verbosity"] else StringIO())
