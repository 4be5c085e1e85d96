import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from people.models import User
from programme import services
from registrations import demo
from schedule.models import Forum


class Command(BaseCommand):
    help = "Load the Marrakesh programme into an empty database, publish release 1, make the demo accounts."

    def handle(self, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("There are no demo accounts without DEMO=1.")
        if not Forum.objects.exists():
            call_command("load_programme", settings.BASE_DIR / "fixtures" / "marrakesh_2018", stdout=self.stdout)
        forum = Forum.objects.get(is_current=True)
        if services.newest(forum) is None:
            services.publish(forum=forum, by=None, note="The programme as the concept paper gives it.", base=None)
        password = demo_password()
        if not User.objects.filter(email="organiser@example.org").exists():
            demo.create(forum=forum, password=password, now=timezone.now())
        self.stdout.write(f"Demo accounts: organiser@ staff@ focalpoint@ delegate@ observer@ example.org\nPassword: {password}")


def demo_password() -> str:
    """`DEMO_PASSWORD`, or one made on the first run and kept in the data folder."""
    if settings.DEMO_PASSWORD:
        return settings.DEMO_PASSWORD
    path: Path = settings.DATA_DIR / "demo-password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(9))
    return path.read_text().strip()
