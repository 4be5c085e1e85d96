import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from registrations.models import Delegate
from registrations.populating import NotEnoughError, populate
from schedule.models import Forum


class Command(BaseCommand):
    help = "Fill the current forum with delegations, delegates and places of persons who do not exist."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--delegations", type=int, default=135)
        parser.add_argument("--delegates", type=int, default=2000)
        parser.add_argument("--seed", type=int, default=2018, help="the same one gives the same persons and places")

    def handle(self, *, delegations: int, delegates: int, seed: int, **options: Any) -> None:
        if Delegate.objects.exists() and not settings.DEMO:
            raise CommandError("There are delegates in this database. Invented ones come beside them only with DEMO=1.")
        forum = Forum.objects.filter(is_current=True).first()
        if forum is None:
            raise CommandError("No forum is current. Load the programme first: load_programme.")
        began = time.monotonic()

        def say(line: str) -> None:
            self.stdout.write(f"{time.monotonic() - began:6.1f} s  {line}")

        try:
            populate(
                forum=forum,
                delegations=delegations,
                delegates=delegates,
                seed=seed,
                password=settings.DEMO_PASSWORD or None,
                now=timezone.now(),
                say=say,
            )
        except NotEnoughError as refusal:
            raise CommandError(str(refusal)) from refusal
