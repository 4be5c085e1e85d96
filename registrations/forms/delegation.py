"""What a focal point types: entries of delegates, who heads the delegation, letters, the end of a key."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.foreign import name_of
from people.models import User
from people.uploads import UploadRefused, media_type, photograph
from programme import dates
from programme.reading import language
from schedule.models import Forum

from .. import services
from ..headship import first_half_day, half_days
from ..models import Delegate, Delegation
from ..services import Profile
from .joining import PersonForm, line

NAMES = ("honorific", "given_name", "family_name", "arabic_name")
OWN = ("photograph", "may_be_listed", "needs")  # what a person with an account says themself


class UploadField(forms.FileField):
    """A file that `read` makes a value of, or refuses."""

    def __init__(self, *, read, accept, **kwargs):
        super().__init__(widget=forms.FileInput(attrs={"accept": accept}), **kwargs)
        self.read = read

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        try:
            return self.read(file) if file else None
        except UploadRefused as refusal:
            raise ValidationError(str(refusal)) from refusal


def _day(label, empty):
    return forms.TypedChoiceField(
        label=label, choices=[("", empty)], coerce=date.fromisoformat, empty_value=None, required=False
    )


class EntryForm(PersonForm):
    """A delegate as the focal point enters them."""

    arabic_name = line(_("Name in Arabic"), length=200, help_text=_("Where the person has one."))
    starts_on = _day(_("First day"), _("From the beginning"))
    ends_on = _day(_("Last day"), _("To the end"))
    photograph = UploadField(
        read=photograph,
        accept="image/png,image/jpeg",
        label=_("Photograph"),
        required=False,
        help_text=_("PNG or JPEG, 5 MB at most: head and shoulders, upright."),
    )
    may_be_listed = forms.TypedChoiceField(
        label=_("May the name stand in the published list?"),
        help_text=_("As the person says."),
        choices=[("", _("Not asked yet")), ("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda answer: answer == "yes",
        empty_value=None,
        required=False,
    )

    field_order = [*NAMES, "function", "languages", "starts_on", "ends_on", *OWN]

    def __init__(self, *args, forum: Forum, **kwargs):
        super().__init__(*args, **kwargs)
        for name in (*NAMES, "function"):
            self.fields[name].widget.attrs["autocomplete"] = "off"  # the browser knows who types, not who is entered
        self.fields["arabic_name"].widget.attrs.update(dir="rtl", lang="ar")
        days = {forum.starts_on + timedelta(days=n) for n in range((forum.ends_on - forum.starts_on).days + 1)}
        entered: dict[str, Any] = dict(self.initial or {})
        days |= {entered[name] for name in ("starts_on", "ends_on") if entered.get(name)}
        for name in ("starts_on", "ends_on"):
            choices = [(day.isoformat(), dates.day(day, language())) for day in sorted(days)]
            self.fields[name].choices = [*self.fields[name].choices, *choices]  # type: ignore[attr-defined]

    def clean(self):
        super().clean()
        data = self.cleaned_data
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day lies before the first."))
        return data

    def profile(self) -> Profile:
        data = self.cleaned_data
        return Profile(
            **{name: data[name] for name in (*NAMES, "function", "needs", "starts_on", "ends_on")},
            languages=tuple(data["languages"]),
        )

    def add(self, *, delegation: Delegation, by: User, now: datetime) -> Delegate:
        [delegate] = services.add_delegates(delegation=delegation, profiles=[self.profile()], by=by, now=now)
        self._speak_for(delegate)
        return delegate

    def replace(self, *, delegate: Delegate, by: User, now: datetime) -> Delegate:
        successor = services.replace(delegate=delegate, profile=self.profile(), by=by, now=now)
        self._speak_for(successor)
        return successor

    def _speak_for(self, delegate: Delegate) -> None:
        said = {name: self.cleaned_data[name] for name in ("photograph", "may_be_listed")}
        services.speak_for(person=delegate.person, **said)


class MendForm(EntryForm):
    """An entry that is there: without a name that is settled, and without what the person says themself."""

    def __init__(self, *args, delegate: Delegate, **kwargs):
        person = delegate.person
        names = {name: getattr(person, name) for name in NAMES}
        listed = {True: "yes", False: "no"}.get(person.may_be_listed)  # type: ignore[arg-type]
        of_delegate = {name: getattr(delegate, name) for name in ("function", "languages", "starts_on", "ends_on")}
        super().__init__(*args, initial={**names, **of_delegate, "may_be_listed": listed}, **kwargs)
        self.delegate = delegate
        self.settled = {} if services.names_are_open(delegate) else names
        if not services.is_spoken_for(person):
            self.settled |= {"photograph": None, "may_be_listed": person.may_be_listed, "needs": ""}
        elif delegate.needs:
            self.fields["needs"].help_text = _(
                "Needs are entered; they are kept encrypted and not shown. What you write here stands in their place."
            )
        for name in self.settled:
            del self.fields[name]

    def clean(self):
        return {**super().clean(), **self.settled}

    def mend(self) -> Delegate:
        delegate = services.edit_delegate(delegate=self.delegate, profile=self.profile(), now=timezone.now())
        self._speak_for(delegate)
        return delegate


class HeadForm(forms.Form):
    """Who heads the delegation, from which half-day on."""

    delegate = forms.ModelChoiceField(
        label=_("Head of delegation"),
        queryset=Delegate.objects.none(),
        to_field_name="uuid",
        empty_label=_("Choose a delegate"),
    )
    starts_at = forms.TypedChoiceField(
        label=_("From"),
        help_text=_("Whoever heads the delegation then does so until that time. A head named for later stays."),
        empty_value=None,
        required=False,
    )

    def __init__(self, *args, delegation: Delegation, **kwargs):
        super().__init__(*args, **kwargs)
        forum = delegation.forum
        delegates: forms.ModelChoiceField = self.fields["delegate"]  # type: ignore[assignment]
        delegates.queryset = delegation.delegates.present().select_related("person").order_by("position", "pk")
        delegates.label_from_instance = lambda obj: name_of(obj.person)  # type: ignore[method-assign]
        moments = {str(number): moment for number, moment in enumerate(half_days(forum))}
        start: forms.TypedChoiceField = self.fields["starts_at"]  # type: ignore[assignment]
        start.choices = [
            ("", _("From the beginning")),
            *((number, first_half_day(moment)) for number, moment in moments.items()),
        ]
        start.coerce = moments.__getitem__


def _letter(file: UploadedFile) -> UploadedFile:
    media_type(file)
    return file


class LetterForm(forms.Form):
    file = UploadField(
        read=_letter,
        accept="application/pdf,image/png,image/jpeg",
        label=_("Note verbale or letter"),
        help_text=_(
            "PDF, PNG or JPEG, at most 5 MB. Organisers and the focal points of the delegation see it, nobody else."
        ),
    )


class KeyForm(forms.Form):
    """Until when a new key is good."""

    last_day = forms.DateField(
        label=_("Valid until"),
        required=False,
        help_text=_("The last day. Without one the key does not end."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args, forum: Forum, **kwargs):
        super().__init__(*args, **kwargs)
        self.zone = forum.zone

    def clean_last_day(self) -> date | None:
        day = self.cleaned_data["last_day"]
        today = timezone.localdate(timezone=self.zone)
        if day and not today <= day <= today + timedelta(days=366):
            raise ValidationError(_("Choose a day from today on and within a year, or none."))
        return day

    @property
    def expires_at(self) -> datetime | None:
        day = self.cleaned_data["last_day"]
        return day and datetime.combine(day, time.max, self.zone)
