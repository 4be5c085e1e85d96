from typing import Any

from django.core.management.base import BaseCommand

from programme import services
from programme.snapshot import load
from schedule.models import Forum


class Command(BaseCommand):
    help = "Write the current release of every forum out anew: what searches, calendars and registrations read."

    def handle(self, **options: Any) -> None:
        for forum in Forum.objects.order_by("slug"):
            if release := services.newest(forum):
                services.project(release=release, programme=load(release.snapshot))
                self.stdout.write(f"Release {release.number} of {forum} is written out.")
