from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from programme import services
from schedule.models import Forum


class Command(BaseCommand):
    help = "Publish the draft as the next release. Without changes it says so and makes none."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--note", default="", help="what the release is about, for organisers and readers")
        parser.add_argument("--forum", default="", help="address of the forum; the current one without it")

    def handle(self, *, note: str, forum: str, **options: Any) -> None:
        found = Forum.objects.filter(slug=forum) if forum else Forum.objects.filter(is_current=True)
        target = found.first()
        if target is None:
            raise CommandError(f"There is no forum “{forum}”." if forum else "No forum is the current one.")
        last = services.newest(target)
        try:
            release = services.publish(forum=target, by=None, note=note, base=last.number if last else None)
        except services.NothingChanged as error:
            self.stdout.write(f"Not published. {error}")
            return
        except services.PublishError as error:
            raise CommandError(f"Not published. {error}") from error
        self.stdout.write(f"Release {release.number} of {target} is published.")
