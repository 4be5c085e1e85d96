from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schedule.models import Forum, Session


class LetterDrawQuerySet(models.QuerySet["LetterDraw"]):
    def in_force(self, forum: str) -> "dict[int | None, LetterDraw]":
        """By session the newest draw of each that has its own, by None that of all others. `forum` is its address."""
        return {draw.session_id: draw for draw in self.filter(forum__slug=forum).order_by("pk")}


class LetterDraw(models.Model):
    """In which language the parties stand in order at the table, and with which letter, drawn by lot, that begins.

    Another draw gives its reason and leaves this one on record: the database refuses to change a row.
    """

    forum = models.ForeignKey(Forum, models.PROTECT, related_name="letter_draws", verbose_name=_("forum"))
    session = models.ForeignKey(
        Session,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="letter_draws",
        verbose_name=_("session"),
        help_text=_("For this session alone. For the whole forum when empty."),
    )
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=settings.LANGUAGES,
        help_text=_("The order of the parties is that of its alphabet."),
    )
    letter = models.CharField(_("letter"), max_length=1, editable=False)
    reason = models.TextField(
        _("reason"),
        blank=True,
        help_text=_("Why it is drawn again. Both draws stay on record, and the last one holds."),
    )
    drawn_at = models.DateTimeField(_("drawn at"), editable=False)
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("drawn by"), editable=False
    )

    objects = LetterDrawQuerySet.as_manager()

    class Meta:
        verbose_name = _("draw of the letter")
        verbose_name_plural = _("draws of the letter")
        ordering = ["forum", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["forum", "session"],
                condition=Q(reason=""),
                nulls_distinct=False,
                name="letter_drawn_again_with_reason",
                violation_error_message=_("A letter was drawn already. Say why it is drawn again."),
            ),
        ]

    def __str__(self):
        return f"{self.session or self.forum}: {self.language}, {self.letter}"

    def clean(self):
        if self.session and self.session.forum_id != self.forum_id:
            raise ValidationError({"session": _("This session is of another forum.")})
