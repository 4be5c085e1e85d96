"""Files that a worker makes: what waits, who builds it, and what came of it."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .failures import Failure


class BuildQuerySet(models.QuerySet):
    def queued(self):
        return self.filter(state=Build.State.QUEUED)

    def moving(self):
        return self.filter(state__in=[Build.State.QUEUED, Build.State.BUILDING])

    def ready(self):
        return self.filter(state=Build.State.READY)

    def failed(self):
        return self.filter(state=Build.State.FAILED)

    def abandoned(self, now):
        """Being built by somebody who no longer says so."""
        return self.filter(state=Build.State.BUILDING, lease_until__lt=now)


class Build(models.Model):
    """A builder holds the row by `lease_until` and `attempt`; one whose attempt has been overtaken discards what it
    made."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        BUILDING = "building", _("Building")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    queued_at = models.DateTimeField(_("asked for at"))
    hinted_at = models.DateTimeField(_("last sent to the queue at"))
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=0)
    lease_until = models.DateTimeField(_("held by a builder until"), null=True, blank=True)
    done = models.PositiveSmallIntegerField(_("parts done"), default=0)
    total = models.PositiveSmallIntegerField(_("parts"), default=1)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    file = models.FileField(_("file"), upload_to="documents", max_length=200, blank=True)
    size = models.PositiveIntegerField(_("bytes"), null=True, blank=True)
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True)
    sha256 = models.CharField(_("digest of the file"), max_length=64, blank=True)
    error = models.TextField(_("why it failed"), choices=Failure, blank=True)
    error_detail = models.TextField(_("what of it failed"), blank=True)

    objects = BuildQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_state_agrees",
                condition=(
                    Q(state="queued", lease_until=None, finished_at=None, file="", error="")
                    | Q(state="building", lease_until__isnull=False, finished_at=None, file="", error="")
                    | Q(state="ready", lease_until=None, finished_at__isnull=False, error="")
                    & ~Q(file="")
                    & ~Q(sha256="")
                    & Q(size__isnull=False, pages__isnull=False)
                    | Q(state="failed", lease_until=None, finished_at__isnull=False, file="") & ~Q(error="")
                ),
            ),
            models.CheckConstraint(name="%(class)s_progress_within", condition=Q(done__lte=models.F("total"))),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state__in=["queued", "building"]), name="%(class)s_unfinished"),
        ]

    @property
    def failure(self) -> str:
        """Why it failed, in the language of the reader; empty while it has not."""
        return ": ".join(filter(None, [self.get_error_display(), self.error_detail]))

    @property
    def is_moving(self) -> bool:
        """Whether a page that shows it should ask again."""
        return self.state in (self.State.QUEUED, self.State.BUILDING)


def waiting() -> dict[str, object]:
    """What a row is to be that is put into the queue anew."""
    now = timezone.now()
    return {
        "state": Build.State.QUEUED,
        "attempt": 0,
        "lease_until": None,
        "done": 0,
        "error": "",
        "error_detail": "",
        "finished_at": None,
        "queued_at": now,
        "hinted_at": now,
    }
