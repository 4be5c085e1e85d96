"""Releases of the programme, and the rows written out from the current one."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schedule.models import LANGUAGE_CHOICES, Forum, Session


class ReleaseQuerySet(models.QuerySet["Release"]):
    def in_view(self):
        """Those not withdrawn from view."""
        return self.filter(withdrawal=None)

    def newest_first(self):
        return self.order_by("-number")


class Release(models.Model):
    """An immutable, numbered snapshot of the whole programme. Triggers refuse update and delete."""

    forum = models.ForeignKey(Forum, models.PROTECT, related_name="releases", verbose_name=_("forum"))
    number = models.PositiveIntegerField(_("number"))
    snapshot = models.JSONField(_("snapshot"))
    digest = models.CharField(_("digest"), max_length=64)
    note = models.TextField(_("note"), blank=True)
    created_at = models.DateTimeField(_("published at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("published by")
    )

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["forum", "number"], name="release_number_unique")]
        permissions = [("publish", _("Can publish the programme")), ("preview", _("Can preview the draft"))]

    def __str__(self):
        return f"{self.forum_id}/{self.number}"


class Withdrawal(models.Model):
    """Takes a release from view; the one before it is shown again."""

    release = models.OneToOneField(Release, models.PROTECT, related_name="withdrawal", verbose_name=_("release"))
    reason = models.TextField(_("reason"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"))
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("withdrawn by")
    )

    class Meta:
        verbose_name = _("withdrawal")
        verbose_name_plural = _("withdrawals")

    def __str__(self):
        return f"{self.release}: {self.reason}"


class Import(models.Model):
    """A concept paper that was read: waiting to be looked at, taken over, or undone.

    The file is kept until it is taken over. `applied` is what was done, row by row, with the values before.
    """

    forum = models.ForeignKey(Forum, models.PROTECT, related_name="imports", verbose_name=_("forum"))
    file_name = models.CharField(_("file"), max_length=200)
    digest = models.CharField(_("digest"), max_length=64)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGE_CHOICES)
    data = models.BinaryField(null=True)
    uploaded_at = models.DateTimeField(_("read at"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("read by")
    )
    applied = models.JSONField(_("changes"), default=list, encoder=DjangoJSONEncoder)
    applied_at = models.DateTimeField(_("taken over at"), null=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("taken over by")
    )
    undone_at = models.DateTimeField(_("undone at"), null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("undone by")
    )

    class Meta:
        verbose_name = _("import of a concept paper")
        verbose_name_plural = _("imports of concept papers")
        ordering = ["-uploaded_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(data=None) ^ Q(applied_at=None), name="import_keeps_its_file_until_it_is_applied"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(applied_at__isnull=False), name="import_undone_was_applied"
            ),
        ]

    def __str__(self):
        return self.file_name


class PublishedSessionQuerySet(models.QuerySet["PublishedSession"]):
    def listed(self):
        return self.filter(listed=True)


class PublishedSession(models.Model):
    """A session as the current release shows it. Can be rebuilt from the release at any time.

    `period` is [start, end) for timed sessions that are held, else NULL. `shown` is the digest of what a
    calendar shows of it; `sequence` is higher than ever whenever that changes, withdrawals included.
    """

    forum = models.ForeignKey(Forum, models.CASCADE, related_name="published_sessions")
    session = models.OneToOneField(Session, models.PROTECT, related_name="published", primary_key=True)
    release = models.ForeignKey(Release, models.PROTECT, related_name="+")
    slug = models.SlugField(max_length=100)
    kind = models.CharField(max_length=20)
    number = models.CharField(max_length=8, blank=True)
    title = models.JSONField()
    entry = models.CharField(max_length=20, blank=True)
    listed = models.BooleanField()
    period = DateTimeRangeField(null=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    zone = models.CharField(max_length=60)
    shown = models.CharField(max_length=64)
    sequence = models.PositiveIntegerField()

    objects = PublishedSessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "slug"]
        constraints = [models.UniqueConstraint(fields=["forum", "slug"], name="published_session_slug_unique")]

    def __str__(self):
        return self.slug

    def local(self, moment: datetime) -> datetime:
        """`moment` on the clock where the session is held."""
        return moment.astimezone(ZoneInfo(self.zone))


class SearchEntry(models.Model):
    """What a search finds of one thing that the current release shows, in one language.

    `keys` are other names of it and `within` is what it belongs to: both are found and never shown. `plain` holds
    the words of title and text, folded and once each, for those that are misspelled. Can be rebuilt from the
    release at any time.
    """

    forum = models.ForeignKey(Forum, models.CASCADE, related_name="search_entries")
    language = models.CharField(max_length=5)
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=40)
    position = models.PositiveIntegerField()
    title = models.TextField(blank=True)
    keys = models.TextField(blank=True)
    text = models.TextField(blank=True)
    within = models.TextField(blank=True)
    plain = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    vector = SearchVectorField(null=True)

    class Meta:
        ordering = ["position", "language"]
        constraints = [
            models.UniqueConstraint(fields=["forum", "language", "kind", "key"], name="search_entry_unique"),
        ]
        indexes = [
            GinIndex(fields=["vector"], name="search_entry_vector"),
            GinIndex(fields=["plain"], name="search_entry_trigrams", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self):
        return f"{self.kind} {self.key} ({self.language})"


class ForumAddress(models.Model):
    """An address under which a forum was ever published. Can be rebuilt from the releases at any time."""

    slug = models.SlugField(primary_key=True)
    forum = models.ForeignKey(Forum, models.CASCADE, related_name="addresses")

    def __str__(self):
        return self.slug


class NodeAddress(models.Model):
    """An address under which something was ever published, and its UUID in the releases. Can be rebuilt likewise.

    Of several that had the same address one after the other, it leads to the last.
    """

    forum = models.ForeignKey(Forum, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12)  # programme.moved.Kind
    address = models.CharField(max_length=120)
    uuid = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["forum", "kind", "address"], name="node_address_unique")]

    def __str__(self):
        return f"{self.kind} {self.address}"
