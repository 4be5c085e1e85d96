import uuid

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .sessions import LANGUAGE_CHOICES, Session

FOLDER = "papers"


def stored_as(digest: str) -> str:
    """The name of a paper in the storage. Files are kept by what they are, so that a release finds the one it
    names whatever has been uploaded since."""
    return f"{FOLDER}/{digest}.pdf"


class BackgroundPaper(models.Model):
    """A PDF that delegates should read before a session, in one language.

    Versions of one paper in several languages have the same position. `digest` names the file, which is
    never overwritten and never deleted: releases do not change.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(Session, models.CASCADE, related_name="papers", verbose_name=_("session"))
    position = models.PositiveSmallIntegerField(
        _("position"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("Versions of one paper in several languages have the same."),
    )
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGE_CHOICES)
    title = models.CharField(_("title"), max_length=300, help_text=_("In the language of the paper."))
    in_packs = models.BooleanField(
        _("in packs"), default=False, help_text=_("Bound into the packs of those who take part in the session.")
    )
    digest = models.CharField(_("digest of the file"), max_length=64, editable=False)
    pages = models.PositiveSmallIntegerField(_("pages"), editable=False)

    class Meta:
        verbose_name = _("background paper")
        verbose_name_plural = _("background papers")
        ordering = ["position", "language", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "position", "language"],
                name="background_paper_once_in_a_language",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("This paper is there in this language already. Change that one."),
            ),
        ]

    def __str__(self):
        return f"{self.title} ({self.language})"
