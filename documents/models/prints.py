"""Prints that somebody wants, papers that were issued, and what each release says of the things they show."""

from collections.abc import Collection

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from programme.models import Release
from registrations.models import Delegate
from schedule.models import Forum

from ..builds import Build, BuildQuerySet
from ..sheets import Ink, Sheet

# Two rows that agree in these are prints of one thing, as it was and as it is.
SAME_THING = ("forum", "kind", "subject", "language", "sheet", "ink", "is_draft")


class DocumentQuerySet(BuildQuerySet):
    def light(self):
        """What a list needs: not the extract, and of the edition not the snapshot."""
        return self.select_related("edition", "forum", "issue").defer("extract", "edition__snapshot")

    def newest_of_each(self):
        """Of all prints of one thing that were asked for only the last."""
        same = {field: models.OuterRef(field) for field in SAME_THING}
        newer = Document.objects.filter(**same, is_part=False, pk__gt=models.OuterRef("pk"))
        return self.filter(~models.Exists(newer), is_part=False)

    def drafts_before(self, moment):
        return self.filter(is_draft=True, queued_at__lt=moment)

    def for_any_of(self, uuids):
        """Those made for these delegates and delegations."""
        return self.filter(audience__in=uuids)


class Document(Build):
    """One wanted print: this subject, in this language, as of this edition.

    `extract` is all that the print shows, `digest` its digest, `edition` the release in which that
    last changed, `read_at` when it was read, `recipe` the digest of the code that did. A draft shows the tables as they
    are edited; its edition is the release that they are to follow. `identity` adds the templates, fonts and libraries:
    it is unique, so that asking twice builds once. `code` is the keyed hash of it in the QR code. What was made only as
    a part of another print `is_part`: it stands in no list until somebody asks for it.
    """

    forum = models.ForeignKey(Forum, models.PROTECT, related_name="documents", verbose_name=_("forum"))
    kind = models.CharField(_("kind"), max_length=30)
    subject = models.CharField(_("subject"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    sheet = models.CharField(_("sheet"), max_length=10, choices=Sheet, default=Sheet.A4)
    ink = models.CharField(_("ink"), max_length=10, choices=Ink, default=Ink.COLOUR)
    is_draft = models.BooleanField(_("draft"), default=False)
    is_part = models.BooleanField(_("part of another print"), default=False)
    title = models.CharField(_("title"), max_length=400)
    symbol = models.CharField(_("symbol"), max_length=70, blank=True)
    issue = models.ForeignKey(
        "Issue", models.PROTECT, null=True, blank=True, related_name="documents", verbose_name=_("issue that it shows")
    )
    audience = models.UUIDField(
        _("delegate or delegation it is for"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_("Without one it is for staff."),
    )
    extract = models.JSONField(_("what it shows"))
    digest = models.CharField(_("digest of what it shows"), max_length=64)
    edition = models.ForeignKey(Release, models.PROTECT, related_name="+", verbose_name=_("edition"))
    read_at = models.DateTimeField(_("read at"))
    recipe = models.CharField(max_length=16, default="", editable=False)
    identity = models.CharField(_("identity"), max_length=64, unique=True)
    code = models.CharField(_("code for verification"), max_length=10, unique=True)

    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked for by")
    )

    objects = DocumentQuerySet.as_manager()  # type: ignore[misc]

    class Meta(Build.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-pk"]
        constraints = [
            *Build.Meta.constraints,
            models.CheckConstraint(name="document_draft_is_not_issued", condition=Q(is_draft=False) | Q(issue=None)),
        ]
        indexes = [
            models.Index(fields=["forum", "kind", "subject", "language", "-id"], name="document_newest_of_each"),
            models.Index(fields=["queued_at"], condition=Q(is_draft=True), name="document_drafts"),
            *Build.Meta.indexes,
        ]
        permissions = [("issue_document", _("Can issue papers"))]

    def __str__(self):
        return f"{self.kind} {self.subject} {self.language} ({self.state})"

    def get_absolute_url(self):
        return reverse("documents:document", args=[self.uuid])

    @property
    def is_of_a_paper(self) -> bool:
        """Of something that organisers issue: it has a symbol and is for everybody."""
        return bool(self.symbol) and self.audience is None and not self.is_draft


class IssueQuerySet(models.QuerySet["Issue"]):
    def of(self, document: Document):
        """Of the paper that `document` is a print of, newest first."""
        return self.filter(forum=document.forum_id, kind=document.kind, subject=document.subject).order_by("-number")

    def by_paper(self, forum: int, papers: Collection[tuple[str, str]]) -> dict[tuple[str, str], list["Issue"]]:
        """All issues of `papers`, kinds and subjects, the oldest first."""
        found: dict[tuple[str, str], list[Issue]] = {}
        kinds, subjects = {kind for kind, _subject in papers}, {subject for _kind, subject in papers}
        for issue in self.filter(forum=forum, kind__in=kinds, subject__in=subjects).order_by("number"):
            found.setdefault((issue.kind, issue.subject), []).append(issue)
        return found


class Issue(models.Model):
    """A paper as organisers issued it: this text, in these languages, under this symbol. Never changed.

    `digests` says for each language what its document shows: each later print of the same text bears the symbol,
    too. `number` counts the issues of one paper. Triggers refuse update and delete, also of the documents.
    """

    class Suffix(models.TextChoices):
        REVISION = "Rev", _("Revision")
        CORRIGENDUM = "Corr", _("Corrigendum")
        ADDENDUM = "Add", _("Addendum")

    forum = models.ForeignKey(Forum, models.PROTECT, related_name="issues", verbose_name=_("forum"))
    kind = models.CharField(_("kind"), max_length=30)
    subject = models.CharField(_("subject"), max_length=100, blank=True)
    number = models.PositiveSmallIntegerField(_("number"))
    base = models.CharField(_("symbol without suffix"), max_length=60)
    suffix = models.CharField(_("suffix"), max_length=4, choices=Suffix, blank=True)
    suffix_number = models.PositiveSmallIntegerField(_("number of the suffix"), null=True, blank=True)
    symbol = models.CharField(_("symbol"), max_length=70)
    digests = models.JSONField(_("digests of what it shows, by language"))
    note = models.TextField(_("note"), blank=True)
    issued_at = models.DateTimeField(_("issued at"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("issued by")
    )

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("issue")
        verbose_name_plural = _("issues")
        ordering = ["forum", "kind", "subject", "number"]
        constraints = [
            models.UniqueConstraint(fields=["forum", "kind", "subject", "number"], name="issue_after_the_one_before"),
            models.UniqueConstraint(
                fields=["forum", "symbol"],
                name="issue_symbol_unique",
                violation_error_message=_("Another paper was issued under this symbol."),
            ),
            models.CheckConstraint(
                name="issue_suffix_has_its_number",
                condition=Q(suffix="", suffix_number=None) | ~Q(suffix="") & Q(suffix_number__gte=1),
            ),
        ]

    def __str__(self):
        return self.symbol

    @property
    def languages(self) -> list[str]:
        return [code for code, _name in settings.LANGUAGES if code in self.digests]

    @property
    def lacks_languages(self) -> bool:
        return len(self.digests) < len(settings.LANGUAGES)


class LetterReferenceQuerySet(models.QuerySet["LetterReference"]):
    def give(self, *, delegate, kind, now):
        """The reference of this letter, with the next number of the forum and the year when it has none yet.

        To be called in a transaction: numbers of a forum are given one after the other.
        """
        forum = Forum.objects.select_for_update(no_key=True).get(pk=delegate.delegation.forum_id)
        if found := self.filter(delegate=delegate, kind=kind).first():
            return found
        year = now.astimezone(forum.zone).year
        last = self.filter(forum=forum, year=year).aggregate(last=models.Max("number"))["last"] or 0
        return self.create(forum=forum, delegate=delegate, kind=kind, year=year, number=last + 1, given_at=now)


class LetterReference(models.Model):
    """The number of one letter, given once. It stays when the delegate goes, so that no other letter gets it."""

    class Kind(models.TextChoices):
        INVITATION = "invitation_letter", _("Invitation letter")
        VISA = "visa_letter", _("Visa support letter")

    forum = models.ForeignKey(Forum, models.PROTECT, related_name="+", verbose_name=_("forum"))
    delegate = models.ForeignKey(
        Delegate, models.SET_NULL, null=True, related_name="letter_references", verbose_name=_("delegate")
    )
    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number"))
    given_at = models.DateTimeField(_("given at"))

    objects = LetterReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("reference of a letter")
        verbose_name_plural = _("references of letters")
        ordering = ["forum", "year", "number"]
        constraints = [
            models.UniqueConstraint(fields=["forum", "year", "number"], name="letter_number_once"),
            models.UniqueConstraint(fields=["delegate", "kind"], name="letter_reference_once"),
        ]

    def __str__(self):
        return f"{self.forum_id}: {self.year}/{self.number}"


class Reading(models.Model):
    """The digest of what one release says of one subject, in the words of one language.

    Releases never change, so a reading holds as long as the code that reads: `recipe` is the
    digest of that code. From the readings follows the edition of every print.
    """

    release = models.ForeignKey(Release, models.CASCADE, related_name="+")
    recipe = models.CharField(max_length=16)
    reader = models.CharField(max_length=30)
    subject = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=2)
    digest = models.CharField(max_length=64, blank=True)  # empty when the release has no such subject

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "recipe", "reader", "subject", "language"], name="reading_once"),
        ]

    def __str__(self):
        return f"{self.release_id}: {self.reader} {self.subject} {self.language}"
