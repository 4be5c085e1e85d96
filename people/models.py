"""Persons, parties and accounts: three different things."""

import uuid

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat, Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class PartyQuerySet(models.QuerySet["Party"]):
    def in_force(self, day):
        """Parties whose name is in force on `day`; valid_from and valid_to are both inclusive."""
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day))


class Party(models.Model):
    """A State or organisation that takes part, by United Nations usage.

    `code` is ISO 3166-1 alpha-3 for States and the English acronym for organisations. Names of
    countries come from here only: those of CLDR offend.
    """

    class Kind(models.TextChoices):
        MEMBER_STATE = "member_state", _("Member State")
        OBSERVER_STATE = "observer_state", _("Observer State")
        UN_SYSTEM = "un_system", _("United Nations entity")
        IGO = "igo", _("International organisation")
        REGIONAL = "regional", _("Regional organisation or process")
        CIVIL_SOCIETY = "civil_society", _("Civil society")
        PRIVATE_SECTOR = "private_sector", _("Business")
        LOCAL_AUTHORITY = "local_authority", _("Local authority")
        ACADEMIA = "academia", _("Academia")
        OTHER = "other", _("Other")

    code = models.CharField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    short_name = models.CharField(_("short name"), max_length=200)
    formal_name = models.CharField(_("formal name"), max_length=300, blank=True)
    sort_key = models.CharField(_("sort key"), max_length=200, blank=True, help_text=_("What lists are ordered by."))
    acronym = models.CharField(_("acronym"), max_length=40, blank=True)
    region = models.CharField(_("region"), max_length=60, blank=True)
    regional_group = models.CharField(_("regional group"), max_length=60, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    source = models.TextField(_("source"), blank=True)
    note = models.TextField(_("note for organisers"), blank=True)

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ["sort_key_en", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")),
                name="party_ends_after_it_starts",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self):
        return self.short_name or self.code


class Person(models.Model):
    """One human being. Needs no account and no e-mail; a single name passes.

    Capitals are typed, not computed. `protocol_rank` is set by organisers, never guessed: a lower
    number goes first.
    """

    class Rank(models.IntegerChoices):
        """In the order of the General Assembly's lists of speakers."""

        HEAD_OF_STATE = 1, _("Head of State")
        VICE_PRESIDENT = 2, _("Vice-President, Crown Prince or Crown Princess")
        HEAD_OF_GOVERNMENT = 3, _("Head of Government")
        DEPUTY_HEAD_OF_GOVERNMENT = 4, _("Deputy Head of Government")
        MINISTER = 5, _("Minister")
        VICE_MINISTER = 6, _("Vice-Minister or State Secretary")
        AMBASSADOR = 7, _("Ambassador")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    honorific = models.CharField(_("honorific"), max_length=40, blank=True, help_text=_("H.E. Ms., Mr., Dr. …"))
    given_name = models.CharField(_("given name"), max_length=120, blank=True)
    family_name = models.CharField(_("family name"), max_length=120)
    arabic_name = models.CharField(_("name in Arabic"), max_length=200, blank=True)
    photograph = models.FileField(_("photograph"), upload_to="photographs/", blank=True)
    may_be_listed = models.BooleanField(
        _("may stand in the published list"),
        null=True,
        blank=True,
        help_text=_("As the person said; not listed while nobody asked."),
    )
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True, editable=False)
    protocol_rank = models.PositiveSmallIntegerField(
        _("protocol rank"),
        choices=Rank,
        null=True,
        blank=True,
        help_text=_("Ministers and those above them are not scanned at the doors: their plates are counted."),
    )

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("persons")
        ordering = ["family_name", "given_name", "pk"]
        # Persons of like names are looked for in either script
        indexes = [
            GinIndex(
                OpClass(Concat("given_name", Value(" "), "family_name"), name="gin_trgm_ops"),
                name="person_name_trigram",
            ),
            GinIndex(OpClass("arabic_name", name="gin_trgm_ops"), name="person_arabic_name_trigram"),
        ]

    def __str__(self):
        if self.erased_at:
            return gettext("Name withheld")
        return " ".join(filter(None, [self.honorific, self.given_name, self.family_name]))


class UserManager(BaseUserManager["User"]):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username):
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """An account: signs in by e-mail. May belong to a person."""

    email = models.EmailField(_("e-mail"), error_messages={"unique": _("There is an account with this e-mail.")})
    person = models.OneToOneField(
        Person, models.SET_NULL, null=True, blank=True, related_name="user", verbose_name=_("person")
    )
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may enter the administration"), default=False)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    privacy_version = models.CharField(_("privacy notice agreed to"), max_length=20, blank=True, editable=False)
    privacy_agreed_at = models.DateTimeField(_("agreed at"), null=True, blank=True, editable=False)

    # Opens the calendar of their places to whoever has it; none while they want no such calendar
    calendar_key = models.CharField(_("key of the calendar"), max_length=43, null=True, unique=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message=_("There is an account with this e-mail."),
            ),
            models.CheckConstraint(
                condition=Q(privacy_version="", privacy_agreed_at=None)
                | (~Q(privacy_version="") & Q(privacy_agreed_at__isnull=False)),
                name="user_agreement_has_its_time",
            ),
        ]

    def __str__(self):
        return self.email

    def get_full_name(self):
        return str(self.person) if self.person else self.email


class BrowserSession(AbstractBaseSession):
    """What is remembered of a browser, and the account it is signed in to, so that one statement reads both."""

    # None, too, for those that are older than this column and were not saved since
    account = models.ForeignKey(User, models.CASCADE, null=True, related_name="+", verbose_name=_("account"))

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        default_permissions = ()

    def __str__(self):
        # The key opens the account to whoever reads it, on the page that asks whether to delete an account, too
        return f"{self.expire_date:%Y-%m-%d %H:%M}"

    @classmethod
    def get_session_store_class(cls):
        from .sessions import SessionStore

        return SessionStore
