"""`documents build`: make prints of the current release from the command line."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from documents.kinds import KINDS
from documents.models import Document
from documents.services import DocumentError, request_document
from programme import releases


class Command(BaseCommand):
    help = "Builds prints of the current release, and says where the files are."

    def add_arguments(self, parser: CommandParser) -> None:
        build = parser.add_subparsers(dest="verb", required=True).add_parser("build", help="build prints")
        build.add_argument("--kind", required=True, choices=sorted(KINDS))
        build.add_argument("--subject", help="such as a session’s address or a day; all of them when left out")
        build.add_argument("--language", action="append", choices=[code for code, _name in settings.LANGUAGES])

    def handle(self, *args: Any, **options: Any) -> None:
        # Loads WeasyPrint, which no web process may
        from documents.building import finished

        failed = 0
        for subject in self._subjects(options["kind"], options["subject"]):
            for language in options["language"] or ["en"]:
                try:
                    row = request_document(kind=options["kind"], subject=subject, language=language, by=None)
                except DocumentError as error:
                    raise CommandError(str(error)) from error
                row = finished(row)
                failed += row.state != Document.State.READY
                self.stdout.write(f"{row.title} ({language}): {row.file.name or row.failure or row.state}")
        if failed:
            raise CommandError(f"{failed} failed.")

    def _subjects(self, kind: str, subject: str | None) -> list[str]:
        if subject is not None:
            return [subject]
        published = releases.current()
        if published is None:
            raise CommandError("No programme has been published yet.")
        subjects = [found.key for found in KINDS[kind].subjects(published.programme)]
        if not subjects:
            raise CommandError("Name one with --subject.")
        return subjects
