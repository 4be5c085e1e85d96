import re
from datetime import datetime

from allauth.account.adapter import get_adapter
from allauth.account.forms import SignupForm as AccountForm
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from people.direction import isolated
from people.foreign import name_of
from people.forms import InOurWords
from people.models import User
from schedule.models import LANGUAGE_CHOICES

from ..models import Delegate, Delegation, Invitation
from ..services import accept_invitation, invite
from .joining import DelegateForm

MANY = 20


class AddressesField(forms.CharField):
    """Addresses as they are copied from a message or a column: between spaces, commas, semicolons or line ends."""

    def __init__(self):
        super().__init__(
            label=_("E-mail addresses"),
            help_text=_("One to a line, 20 at most."),
            max_length=6000,
            widget=forms.Textarea(attrs={"rows": 4, "dir": "ltr", "autocomplete": "off", "spellcheck": "false"}),
        )

    def clean(self, value):
        typed = re.split(r"[\s,;<>]+", super().clean(value).lower())
        addresses = list(dict.fromkeys(filter(None, typed)))
        if wrong := [address for address in addresses if not _is_address(address)]:
            raise ValidationError(
                _("Not an e-mail address: %(words)s."), params={"words": isolated(", ".join(wrong)[:300])}
            )
        if len(addresses) > MANY:
            raise ValidationError(_("These are more than 20 addresses. Send the others afterwards."))
        return addresses


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


class InviteForm(forms.Form):
    """Whom a focal point invites to the delegation."""

    emails = AddressesField()
    language = forms.ChoiceField(label=_("Language of the message"), choices=LANGUAGE_CHOICES)
    delegate = forms.ModelChoiceField(
        label=_("For an entry of the delegation"),
        queryset=Delegate.objects.none(),
        to_field_name="uuid",
        required=False,
        empty_label=_("New entry"),
        help_text=_("Choose a delegate without an account, so that the person takes over that entry."),
    )

    def __init__(self, *args, delegation: Delegation, **kwargs):
        super().__init__(*args, **kwargs)
        self.delegation = delegation
        self.fields["language"].initial = get_language()
        choice: forms.ModelChoiceField = self.fields["delegate"]  # type: ignore[assignment]
        choice.queryset = delegation.delegates.present().filter(person__user=None).select_related("person")
        choice.label_from_instance = lambda delegate: name_of(delegate.person)  # type: ignore[method-assign, assignment]

    def clean(self):
        data = super().clean() or {}
        if data.get("delegate") and len(data.get("emails", ())) > 1:
            self.add_error("emails", _("An entry is one person’s: one address only."))
        return data

    @transaction.atomic
    def invite(self, *, by: User, now: datetime) -> list[Invitation]:
        """All of them or none. Raises `RegistrationRefused` as the service does."""
        return [
            invite(
                delegation=self.delegation,
                email=email,
                purpose=Invitation.Purpose.DELEGATE,
                language=self.cleaned_data["language"],
                delegate=self.cleaned_data["delegate"],
                by=by,
                now=now,
            )
            for email in self.cleaned_data["emails"]
        ]


class AcceptForm(DelegateForm):
    """Who one is, where the portal does not know; the agreement, where it was not given."""

    registration_key = None  # type: ignore[assignment]

    def __init__(self, *args, invitation: Invitation, key: str, user: User | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.invitation, self.key = invitation, key
        new = invitation.purpose == Invitation.Purpose.DELEGATE and invitation.delegate is None
        self.asks_who = new and (user is None or user.person_id is None)
        if not self.asks_who:
            for name in ("honorific", "given_name", "family_name", "function", "languages", "needs"):
                del self.fields[name]
        if user and user.privacy_version == invitation.delegation.forum.privacy_version:
            del self.fields["agreed"]

    def accept(self, user: User) -> Invitation:
        profile = self.profile() if self.asks_who else None
        return accept_invitation(key=self.key, user=user, profile=profile, now=timezone.now())


class InvitedSignupForm(InOurWords, AcceptForm, AccountForm):
    """An account is made together with what it is invited to, or not at all."""

    field_order = [
        "email", "password1", "password2", "honorific", "given_name", "family_name", "function", "languages", "needs",
        "agreed",
    ]  # fmt: skip

    @transaction.atomic
    def save(self, request: HttpRequest) -> User:
        return super().save(request)

    def custom_signup(self, request: HttpRequest, user: User) -> None:
        user.language = get_language() or user.language
        user.save(update_fields=["language"])
        self.accept(user)
        user.refresh_from_db()
        if user.email == self.invitation.email:  # the key came by this address
            get_adapter().stash_verified_email(request, user.email)
