from datetime import datetime, time
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy

from people.direction import latin_in_plain
from programme import dates
from programme.releases import Published
from registrations.models import DelegationCategory

from .asking import Wanted
from .kinds import Audience, Kind, Subject
from .models import Document
from .searching import STALE, Search
from .sheets import Ink, Sheet
from .subjects import Narrowing, days_of, themes_of

FEW = 12
SHOWN = 100  # subjects to tick; of more, one types or asks for all
MORNING = time(6)
EVERY = [("", gettext_lazy("All"))]


# Each by its own name, marked as what it is
LANGUAGES = [(code, format_html('<span lang="{}">{}</span>', code, name)) for code, name in settings.LANGUAGES]


class OwnNames(forms.Select):
    """The same where an option can hold no markup."""

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        if value:
            option["attrs"]["lang"] = value
        return option


class NarrowForm(forms.Form):
    """Which subjects of a kind are listed. A field stands here only where it could tell some apart."""

    q = forms.CharField(label=gettext_lazy("Name"), max_length=100, required=False)
    day = forms.TypedChoiceField(label=gettext_lazy("Day"), required=False, coerce=datetime.fromisoformat)
    theme = forms.TypedChoiceField(label=gettext_lazy("Theme"), required=False, coerce=int)
    category = forms.TypedChoiceField(label=gettext_lazy("Category"), required=False, coerce=int)

    def __init__(self, *args, kind: Kind[Any], published: Published, **kwargs):
        super().__init__(*args, **kwargs)
        programme, of_register = published.programme, kind.audience is not Audience.STAFF
        keys = [] if of_register else [subject.key for subject in kind.subjects(programme)]
        self.count = len(keys)
        categories = DelegationCategory.objects.order_by("position") if of_register else []
        options: dict[str, list[tuple[Any, str]]] = {
            "day": [(day.isoformat(), dates.day(day, get_language() or "en")) for day in days_of(programme, keys)],
            "theme": [(theme, str(theme)) for theme in themes_of(programme, keys)],
            "category": [(category.pk, str(category)) for category in categories],
        }
        for name, found in options.items():
            if found:
                cast(forms.ChoiceField, self.fields[name]).choices = [*EVERY, *found]
            else:
                del self.fields[name]

    @property
    def is_of_use(self) -> bool:
        """Whether there are more than fit on a page, or something to tell them apart by."""
        return len(self.fields) > 1 or self.count > FEW

    def narrowing(self, only: list[str]) -> Narrowing:
        """What is typed wrongly narrows nothing."""
        self.is_valid()
        said = self.cleaned_data
        day = said.get("day")
        return Narrowing(
            words=said.get("q", ""),
            day=day.date() if day else None,
            theme=said.get("theme") or None,
            category=said.get("category") or None,
            only=frozenset(only),
        )


class AskForm(forms.Form):
    """Which of `subjects`, in which languages, on which sheet. With `all` in the data every one of them."""

    subject = forms.MultipleChoiceField(
        label=gettext_lazy("Of what or of whom"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick at least one, or ask for all.")},
    )
    language = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"), choices=LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    sheet = forms.ChoiceField(label=gettext_lazy("Paper"))
    ink = forms.ChoiceField(label=gettext_lazy("Ink"), choices=Ink.choices)
    draft = forms.ChoiceField(
        label=gettext_lazy("What it shows"),
        choices=[("", gettext_lazy("As published")), ("draft", gettext_lazy("As being edited (draft)"))],
        required=False,
    )

    def __init__(
        self,
        data: Any,
        *,
        kind: Kind[Any],
        subjects: list[Subject],
        languages: list[str],
        ticked: bool = False,
        drafts: bool = False,
    ):
        chosen = [subject.key for subject in subjects] if ticked or len(subjects) == 1 else []
        super().__init__(data, initial={"language": languages or [get_language()], "subject": chosen})
        self.kind, self.subjects = kind, subjects
        field, sheet = (cast(forms.ChoiceField, self.fields[name]) for name in ("subject", "sheet"))
        field.choices = [(subject.key, latin_in_plain(subject.label)) for subject in subjects]
        field.widget.choices = [(subject.key, latin_in_plain(subject.label)) for subject in subjects[:SHOWN]]
        field.required = "all" not in self.data
        if len(subjects) == 1:
            field.widget = forms.MultipleHiddenInput()
        sheet.choices = [(value.value, value.label) for value in map(Sheet, kind.sheets)]
        if len(kind.sheets) == 1:
            sheet.widget = forms.HiddenInput()
            self.initial["sheet"] = kind.sheets[0]
        if not drafts:
            del self.fields["draft"]

    @property
    def is_of_more(self) -> bool:
        """Whether there are more than one can tick."""
        return len(self.subjects) > SHOWN

    def wanted(self) -> list[Wanted]:
        said = self.cleaned_data
        return [
            Wanted(
                kind=self.kind.name,
                subject=subject.key,
                language=language,
                sheet=said["sheet"],
                ink=said["ink"],
                draft=bool(said.get("draft")),
                label=subject.label,
            )
            for language in said["language"]
            for subject in self.subjects
            if "all" in self.data or subject.key in said["subject"]
        ]


class RunForm(forms.Form):
    """What a print run holds, and how it is printed: of the kinds that are for delegates or delegations."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    category = forms.MultipleChoiceField(
        label=gettext_lazy("Of which categories"),
        help_text=gettext_lazy("Of all of them where none is ticked."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    delegation = forms.MultipleChoiceField(
        label=gettext_lazy("Of which delegations"),
        help_text=gettext_lazy("All of those categories where none is ticked."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=[("", gettext_lazy("Each in that of its delegate’s account")), *settings.LANGUAGES],
        widget=OwnNames,
        required=False,
    )
    ink = forms.ChoiceField(label=gettext_lazy("Ink"), choices=Ink.choices)
    duplex = forms.BooleanField(
        label=gettext_lazy("On both sides, each print on a front side"), initial=True, required=False
    )
    separators = forms.BooleanField(
        label=gettext_lazy("With a separator sheet before each print"), initial=True, required=False
    )

    def __init__(self, *args, kinds: list[Kind[Any]], delegations: list[Subject], **kwargs):
        super().__init__(*args, **kwargs)
        fields = (cast(forms.ChoiceField, self.fields[name]) for name in ("kind", "category", "delegation"))
        kind, category, delegation = fields
        kind.choices = [(one.name, one.label) for one in kinds if one.audience is not Audience.STAFF]
        delegation.choices = [(one.key, latin_in_plain(one.label)) for one in delegations]
        category.choices = [(one.code, str(one)) for one in DelegationCategory.objects.order_by("position")]


class SearchForm(forms.Form):
    """What the list of prints shows. Moments are typed and read on the clock that is active: the forum’s."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        help_text=gettext_lazy("Symbol, session, or part of a name in either script"),
        max_length=100,
        required=False,
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=[*EVERY, *settings.LANGUAGES], widget=OwnNames, required=False
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        choices=[*EVERY, *Document.State.choices, (STALE, gettext_lazy("Out of date"))],
        required=False,
    )
    since = forms.DateTimeField(
        label=gettext_lazy("Changed since"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        required=False,
    )
    today = forms.BooleanField(label=gettext_lazy("Asked for today"), required=False)

    def __init__(self, *args, kinds: list[Kind[Any]], **kwargs):
        super().__init__(*args, **kwargs)
        kind = cast(forms.ChoiceField, self.fields["kind"])
        kind.choices = [*EVERY, *((kind.name, kind.label) for kind in kinds)]

    def search(self, *, midnight: datetime) -> Search:
        """What is typed wrongly looks for nothing."""
        self.is_valid()
        said = self.cleaned_data
        return Search(
            words=said.get("q", ""),
            kind=said.get("kind", ""),
            language=said.get("language", ""),
            state=said.get("state", ""),
            asked_since=midnight if said.get("today") else None,
            changed_since=said.get("since"),
        )
