from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.models import Party

# First parts of addresses that stand beside a forum's slug: /en/programme/, /en/my/ …
RESERVED_SLUGS = [
    "accessibility",
    "accounts",
    "admin",
    "api",
    "delegation",
    "documents",
    "fragments",
    "healthz",
    "my",
    "preview",
    "programme",
    "readyz",
    "releases",
    "rooms",
    "roundtables",
    "search",
    "sections",
    "sessions",
    "static",
    "themes",
    "verify",
    "workshops",
]


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("“%(name)s” is not a time zone, such as Africa/Casablanca."), params={"name": name})


class Forum(models.Model):
    """One edition, such as the Eleventh GFMD, Marrakesh 2018. Several live side by side; one is current."""

    slug = models.SlugField(
        _("address"),
        unique=True,
        validators=[
            RegexValidator(
                rf"^({'|'.join(RESERVED_SLUGS)})$", inverse_match=True, message=_("This address is taken by a page.")
            )
        ],
    )
    acronym = models.CharField(_("acronym"), max_length=20)
    name = models.CharField(_("name"), max_length=200)
    edition = models.CharField(_("edition"), max_length=200, help_text=_("Such as “Eleventh Summit”."))
    title = models.CharField(_("title of the edition"), max_length=300)
    overarching_theme = models.CharField(_("overarching theme"), max_length=300)
    principles = models.TextField(_("cross-cutting principles"), blank=True)
    city = models.CharField(_("city"), max_length=100)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), help_text=_("Included."))
    time_zone = models.CharField(_("time zone"), max_length=60, validators=[validate_time_zone])
    corrections_until = models.DateField(
        _("corrections until"),
        null=True,
        blank=True,
        help_text=_("Of the list of participants, to the secretariat. Stands on the provisional list."),
    )
    privacy_version = models.CharField(_("version of the privacy notice"), max_length=20)
    privacy_notice = models.TextField(_("privacy notice"))
    signatory_name = models.CharField(_("signed by"), max_length=200, blank=True, help_text=_("Who signs letters."))
    signatory_function = models.CharField(_("function"), max_length=200, blank=True)
    is_current = models.BooleanField(_("current"), default=False)
    co_chairs: models.ManyToManyField = models.ManyToManyField(
        Party, through="ForumChair", related_name="+", verbose_name=_("co-chairs")
    )

    class Meta:
        verbose_name = _("forum")
        verbose_name_plural = _("forums")
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="forum_ends_after_it_starts",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.UniqueConstraint(
                fields=["is_current"],
                condition=Q(is_current=True),
                name="forum_one_is_current",
                violation_error_message=_("Another forum is the current one. Take the mark from that one first."),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class ForumChair(models.Model):
    """A government that chairs the forum, in the order in which they are named."""

    forum = models.ForeignKey(Forum, models.CASCADE)
    party = models.ForeignKey(Party, models.PROTECT, verbose_name=_("party"), related_name="+")
    position = models.PositiveSmallIntegerField(_("position"), default=1)

    class Meta:
        verbose_name = _("co-chair of the forum")
        verbose_name_plural = _("co-chairs of the forum")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["forum", "party"], name="forum_chair_once")]

    def __str__(self):
        return str(self.party)
