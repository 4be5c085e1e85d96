from celery import shared_task
from django.utils import timezone

from . import services


@shared_task
def follow_releases() -> None:
    services.follow_releases(now=timezone.now())
