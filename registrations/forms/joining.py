from allauth.account.forms import SignupForm as AccountForm
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from people.forms import InOurWords
from people.models import User
from programme import reading
from programme.texts import HARMFUL
from schedule.models import LANGUAGE_CHOICES, Forum

from ..models import Delegate
from ..services import Profile, RegistrationRefused, find_delegation, join_delegation


class KeyField(forms.CharField):
    """A registration key as it was typed. Gives the key back once it opens a delegation now."""

    def __init__(self):
        super().__init__(
            label=_("Registration key of your delegation"),
            help_text=_("Four groups of five signs. Your focal point has it."),
            max_length=60,
            widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}),
        )

    def clean(self, value):
        key = super().clean(value)
        try:
            find_delegation(key=key, now=timezone.now())
        except RegistrationRefused as refusal:
            raise ValidationError(str(refusal)) from refusal
        return key


class LineField(forms.CharField):
    """One line, without signs that nobody sees: ends of lines, control characters, turns of direction."""

    def to_python(self, value):
        return " ".join(HARMFUL.sub(" ", super().to_python(value) or "").split())


def line(label, *, length=120, required=False, autocomplete="off", help_text=""):
    widget = forms.TextInput(attrs={"autocomplete": autocomplete})
    return LineField(label=label, max_length=length, required=required, widget=widget, help_text=help_text)


class PersonForm(forms.Form):
    """Who a delegate is."""

    honorific = line(
        _("Form of address"), length=40, autocomplete="honorific-prefix", help_text=_("H.E. Ms., Mr., Dr. …")
    )
    given_name = line(_("Given name"), autocomplete="given-name")
    family_name = line(
        _("Family name"),
        required=True,
        autocomplete="family-name",
        help_text=_("As it should stand on the badge; in capitals if that is your usage. A single name goes here."),
    )
    function = line(
        _("Function"),
        length=200,
        required=True,
        autocomplete="organization-title",
        help_text=_("Printed as you write it, in the language in which you write it."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Working languages"), choices=LANGUAGE_CHOICES, required=False, widget=forms.CheckboxSelectMultiple
    )
    needs = forms.CharField(
        label=_("Needs"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Access, assistance, diet. Kept encrypted, read only by those who see to it."),
    )

    def profile(self) -> Profile:
        data = self.cleaned_data
        return Profile(
            family_name=data["family_name"],
            given_name=data["given_name"],
            honorific=data["honorific"],
            function=data["function"],
            languages=tuple(data["languages"]),
            needs=data["needs"],
        )


class DelegateForm(PersonForm):
    """Which delegation one belongs to and who one is."""

    registration_key = KeyField()
    agreed = forms.BooleanField(label=_("I have read the privacy notice and agree to it"))

    field_order = ["registration_key"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if forum := Forum.objects.filter(is_current=True).first():
            notice = {code: getattr(forum, f"privacy_notice_{code}") for code, _name in settings.LANGUAGES}
            self.fields["agreed"].help_text = reading.prose(notice, {})

    def join(self, user: User) -> Delegate:
        return join_delegation(
            key=self.cleaned_data["registration_key"], user=user, profile=self.profile(), now=timezone.now()
        )


class SignupForm(InOurWords, DelegateForm, AccountForm):
    """An account is made together with the delegate it is for, or not at all."""

    field_order = [
        "registration_key", "email", "password1", "password2", "honorific", "given_name", "family_name", "function",
        "languages", "needs", "agreed",
    ]  # fmt: skip

    @transaction.atomic
    def save(self, request: HttpRequest) -> User:
        return super().save(request)

    def custom_signup(self, request: HttpRequest, user: User) -> None:
        user.language = get_language() or user.language
        user.save(update_fields=["language"])
        self.join(user)
        user.refresh_from_db()
