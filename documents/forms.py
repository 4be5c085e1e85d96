from contextlib import suppress
from uuid import UUID

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from people.direction import isolated, latin_in_plain
from people.models import User
from people.sorting import person_key
from programme.releases import Published
from registrations.models import Delegate

from .kinds import KINDS, Audience, Kind, Subject, words
from .services import EDIT, is_staff

MANY = 20


class OwnNames(forms.Select):
    """Languages, each by its own name and marked as what it is."""

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["lang"] = value
        return option


class AskForm(forms.Form):
    """What to print, of which subject, in which language; for editors also the draft. The kind is in the address."""

    subject = forms.CharField(max_length=120, required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES, widget=OwnNames)
    draft = forms.ChoiceField(
        label=gettext_lazy("What it shows"),
        choices=[("", gettext_lazy("As published")), ("draft", gettext_lazy("As being edited (draft)"))],
        required=False,
    )

    def __init__(self, *args, kind: Kind, user: User, published: Published, **kwargs):
        kwargs.setdefault("initial", {"language": get_language()})
        super().__init__(*args, **kwargs)
        self.kind, self.published = kind, published
        if not user.has_perm(EDIT):
            del self.fields["draft"]
        self.offered: list[Subject] = []
        self.searches = kind.audience is Audience.DELEGATE and is_staff(user)
        if self.searches:
            self.fields["subject"] = forms.CharField(
                label=_("Of which delegate"),
                help_text=_("Part of the name, in either script, or of the delegation."),
                max_length=100,
            )
        else:
            self._offer(
                _own(user, published) if kind.audience is Audience.DELEGATE else kind.subjects(published.programme)
            )

    @property
    def is_answerable(self) -> bool:
        """Whether there is anything to choose."""
        return self.searches or bool(self.offered)

    @property
    def sole(self) -> str:
        """The only thing there is to choose, which needs no field."""
        return self.offered[0].label if len(self.offered) == 1 else ""

    def _offer(self, subjects: list[Subject]) -> None:
        self.offered = subjects
        self.fields["subject"] = forms.ChoiceField(
            label=_("Of which delegate") if self.kind.audience is Audience.DELEGATE else _("Of what"),
            choices=[(subject.key, latin_in_plain(subject.label)) for subject in subjects],
            required=bool(subjects) and bool(subjects[0].key),
            widget=forms.HiddenInput if self.sole else forms.Select,
            initial=subjects[0].key if self.sole else None,
        )

    def clean_draft(self) -> bool:
        return bool(self.cleaned_data["draft"])

    def clean_subject(self) -> str:
        typed = self.cleaned_data["subject"]
        if not self.searches:
            return typed
        found = _delegates(self.published, typed)
        if not found:
            raise forms.ValidationError(_("No accredited delegate is called “%(typed)s”."), params={"typed": typed})
        if len(found) > MANY:
            raise forms.ValidationError(
                _("More than %(many)s delegates match. Type more of the name."), params={"many": MANY}
            )
        if len(found) > 1:
            choices = [(subject.key, subject.label) for subject in found]
            self.fields["subject"].widget = forms.Select(choices=choices)
            raise forms.ValidationError(_("Several delegates match: choose one."))
        return found[0].key


def kinds_for(user: User) -> list[Kind]:
    """The kinds that `user` may ask for, in the order of the catalogue."""
    return [kind for kind in KINDS.values() if kind.audience is not Audience.STAFF or is_staff(user)]


def _accredited(published: Published):
    return (
        Delegate.objects.accredited()
        .filter(delegation__forum=published.forum_id)
        .select_related("person", "delegation__party")
        .order_by("pk")
    )


def _own(user: User, published: Published) -> list[Subject]:
    return [_subject(delegate) for delegate in _accredited(published).filter(person__user=user)]


def _delegates(published: Published, typed: str) -> list[Subject]:
    """Each word typed must stand in the name or the party; a UUID names one."""
    delegates = _accredited(published)
    with suppress(ValueError):
        return [_subject(delegate) for delegate in delegates.filter(uuid=UUID(typed))]
    for word in typed.split():
        delegates = delegates.filter(
            Q(person__family_name__icontains=word)
            | Q(person__given_name__icontains=word)
            | Q(person__arabic_name__icontains=word)
            | Q(delegation__party__short_name__icontains=word)
        )
    language = get_language() or "en"
    found = sorted(delegates[: MANY + 1], key=lambda delegate: person_key(delegate.person, language))
    return [_subject(delegate) for delegate in found]


def _subject(delegate: Delegate) -> Subject:
    return Subject(str(delegate.uuid), words.listed([isolated(delegate.person), str(delegate.delegation.party)]))
