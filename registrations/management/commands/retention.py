from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from registrations import retention
from schedule.models import Forum


class Command(BaseCommand):
    help = (
        "Erase what is held about persons for a forum only, once it has been over for RETENTION_DAYS. "
        "See docs/privacy.md."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("forum", nargs="?", help="address of the forum; every one whose time has come without it")
        how = parser.add_mutually_exclusive_group(required=True)
        how.add_argument("--dry-run", action="store_true", help="say what would be erased, and change nothing")
        how.add_argument("--apply", action="store_true", help="erase it, for good")

    def handle(self, *, forum: str | None, apply: bool, **options: Any) -> None:
        for found in self._forums(forum):
            done = retention.apply(found) if apply else retention.count(found)
            self.stdout.write(f"{found.title}, over since {found.ends_on}:")
            for name, rows in done.items():
                self.stdout.write(f"  {name:<26}{rows:>7}")
        self.stdout.write("Erased." if apply else "Nothing was changed. Use --apply to erase it.")

    def _forums(self, slug: str | None) -> list[Forum]:
        now = timezone.now()
        if slug is None:
            return [forum for forum in Forum.objects.order_by("ends_on", "pk") if retention.is_due(forum, now)]
        forum = Forum.objects.filter(slug=slug).first()
        if forum is None:
            raise CommandError(f"There is no forum “{slug}”.")
        if not retention.is_due(forum, now):
            day = retention.erased_from(forum)
            raise CommandError(f"{forum.title} ends on {forum.ends_on}: what is held for it stays until {day}.")
        return [forum]
