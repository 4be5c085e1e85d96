from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.loader import render_to_string
from django.utils import timezone

from programme.concept_paper.applying import apply
from programme.concept_paper.changes import Comparison, NotThisForum
from programme.concept_paper.comparing import compare
from programme.concept_paper.reading import NotAPaper, read
from programme.concept_paper.rows import ImportRefused
from programme.concept_paper.tree import Paper
from programme.concept_paper.uploads import is_word, keep
from programme.concept_paper.wording import Group, absent, counts, groups
from programme.draft import draft
from schedule.models import Forum


class Command(BaseCommand):
    help = (
        "Read a concept paper (.txt, .docx) and say how it differs from the programme; with --apply take the "
        "differences over. Taken over is all that makes the programme say what the paper says: questions and outcomes "
        "that the paper does not have go, too. Suggested links to commitments, and days of sessions that have hours, "
        "are left to organisers; whole objects that the paper does not have stay."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--apply", action="store_true", help="take the changes over, all or none")
        parser.add_argument("--forum", default="", help="address of the forum; the current one without it")
        parser.add_argument("--report", type=Path, help="write the changes word by word into this HTML file")

    def handle(self, *, file: Path, forum: str, report: Path | None, **options: Any) -> None:
        found = Forum.objects.filter(slug=forum) if forum else Forum.objects.filter(is_current=True)
        target = found.first()
        if target is None:
            raise CommandError(f"There is no forum “{forum}”." if forum else "No forum is the current one.")
        try:
            contents = file.read_bytes()
            paper = read(contents, file.name)
            programme = draft(target)
            comparison = compare(paper, programme)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except (NotAPaper, NotThisForum) as error:
            raise CommandError(f"{file.name}: {error}") from error
        found_groups = groups(comparison, programme)
        self._say(file, target, paper, comparison, found_groups)
        if report:
            context = {"title": f"{file.name}, {target}", "comparison": comparison, "groups": found_groups}
            context["is_word"] = is_word(file.name)
            report.write_text(render_to_string("admin/programme/import_report.html", context), encoding="utf-8")
        chosen = [change.id for change in comparison.changes if change.makes_whole]
        if not chosen:
            self.stdout.write("The programme says what the paper says. Nothing to take over.")
        elif options["apply"]:
            try:
                upload, paper = keep(forum=target, name=file.name, contents=contents, by=None, now=timezone.now())
                apply(upload=upload, paper=paper, chosen=chosen, by=None, now=timezone.now())
            except ImportRefused as error:
                raise CommandError(f"Nothing was taken over. {error}") from error
            self.stdout.write(f"{len(chosen)} changes are taken over into the draft. Publish to show them.")
        else:
            self.stdout.write(f"{len(chosen)} changes found; nothing is taken over. Use --apply for that.")

    def _say(self, file: Path, forum: Forum, paper: Paper, comparison: Comparison, found: list[Group]) -> None:
        numbers = ", ".join(f"{label.lower()} {number}" for label, number in counts(paper))
        self.stdout.write(f"{file.name} ({paper.language}): {numbers}\nCompared with {forum}.\n")
        unit = "paragraph" if is_word(file.name) else "line"
        for group in found:
            for entry in group.entries:
                line = f" ({unit} {entry.change.line})" if entry.change.line else ""
                self.stdout.write(f"{group.title}, {entry.line.label}: {entry.verb.lower()}{line}")
                for sign, text in (("-", entry.line.old), ("+", entry.line.new)):
                    if text:
                        self.stdout.write(f"  {sign} " + text.replace("\n", "\n    "))
        for one in comparison.absent:
            self.stdout.write(f"Not in the paper, and stays: {absent(one)}")
        for left in comparison.unplaced:
            self.stdout.write(f"Not placed, {unit} {left.line}: {left.text}\n    {left.reason}")
        links = sum(not change.makes_whole for change in comparison.changes)
        if links:
            self.stdout.write(f"{links} suggested in the administration only.")
