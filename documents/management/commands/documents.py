"""`documents build`: make prints of the current release from the command line."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from documents.asking import Wanted, request_documents
from documents.kinds import KINDS
from documents.models import Document
from documents.sheets import Ink, Sheet
from documents.subjects import subjects_of
from programme import releases


class Command(BaseCommand):
    help = "Builds prints of the current release, and says where the files are."

    def add_arguments(self, parser: CommandParser) -> None:
        build = parser.add_subparsers(dest="verb", required=True).add_parser("build", help="build prints")
        build.add_argument("--kind", required=True, choices=sorted(KINDS))
        build.add_argument(
            "--subject",
            action="append",
            help="such as a session’s address, a day, or a delegate’s UUID; all of them when left out",
        )
        build.add_argument("--language", action="append", choices=[code for code, _name in settings.LANGUAGES])
        build.add_argument("--sheet", default="", choices=Sheet.values, help="the first of the kind when left out")
        build.add_argument("--ink", default=Ink.COLOUR, choices=Ink.values)
        build.add_argument("--draft", action="store_true", help="what is being edited, marked as such")

    def handle(self, *args: Any, **options: Any) -> None:
        # Loads WeasyPrint, which no web process may
        from documents.building import finished

        subjects = options["subject"] if options["subject"] is not None else self._all(options["kind"])
        asked = request_documents(
            wanted=[
                Wanted(options["kind"], subject, language, options["sheet"], options["ink"], options["draft"])
                for subject in subjects
                for language in options["language"] or ["en"]
            ],
            by=None,
        )
        failed = len(asked.refused)
        for wanted, why in asked.refused:
            self.stderr.write(f"{wanted.kind} {wanted.subject} ({wanted.language}): {why}")
        for row in map(finished, asked.documents):
            failed += row.state != Document.State.READY
            self.stdout.write(f"{row.title} ({row.language}): {row.file.name or row.failure or row.state}")
        if failed:
            raise CommandError(f"{failed} failed.")

    def _all(self, kind: str) -> list[str]:
        published = releases.current()
        if published is None:
            raise CommandError("No programme has been published yet.")
        return [subject.key for subject in subjects_of(KINDS[kind], published)]
