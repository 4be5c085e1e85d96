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
        if not settings.DEMO or not settings.DEMO_PASSWORD:
            raise CommandError("There are no demo accounts without DEMO=1 and a DEMO_PASSWORD.")
        if not Forum.objects.exists():
            call_command("load_programme", settings.BASE_DIR / "fixtures" / "marrakesh_2018", stdout=self.stdout)
        forum = Forum.objects.get(is_current=True)
        if services.newest(forum) is None:
            services.publish(forum=forum, by=None, note="The programme as the concept paper gives it.", base=None)
        if not User.objects.filter(email="organiser@example.org").exists():
            demo.create(forum=forum, password=settings.DEMO_PASSWORD, now=timezone.now())
        demo.set_password(settings.DEMO_PASSWORD)
        self.stdout.write("Demo accounts at example.org: organiser@ staff@ focalpoint@ delegate@ observer@")
        self.stdout.write(f"Password of each: {settings.DEMO_PASSWORD}")
