"""Forms of the administration: times are typed and shown where the session is."""

from datetime import datetime
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.utils import from_current_timezone
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from people.direction import isolated
from people.editing import KnownForm, NamedFormSet
from people.foreign import name_of
from people.pdfs import pages_of
from people.uploads import UploadRefused

from .models import LANGUAGE_CHOICES, Forum, Room, Session, Venue
from .papers import keep

TIMES = ("starts_at", "ends_at")
DAY: Any = {"type": "date", "aria-label": _("Day")}
HOUR: Any = {"type": "time", "aria-label": _("Hour")}


class HereField(forms.SplitDateTimeField):
    """A day and an hour without a zone; the form knows the zone."""

    widget = forms.SplitDateTimeWidget

    def __init__(self, **kwargs):
        super().__init__(
            required=False,
            input_date_formats=["%Y-%m-%d"],
            input_time_formats=["%H:%M", "%H:%M:%S"],
            widget=forms.SplitDateTimeWidget(
                date_format="%Y-%m-%d",
                time_format="%H:%M",
                date_attrs=DAY,
                time_attrs=HOUR,
            ),
            **kwargs,
        )

    def compress(self, data_list):
        if not data_list:
            return None
        day, hour = data_list
        if day in self.empty_values or hour in self.empty_values:
            raise ValidationError(_("Give both the day and the hour."))
        return datetime.combine(day, hour)


class RoomField(forms.ModelChoiceField):
    def label_from_instance(self, obj):
        return f"{name_of(obj.venue.name)}: {name_of(obj.name)}"


class MonthField(forms.DateField):
    def __init__(self, **kwargs):
        widget = forms.DateInput(format="%Y-%m", attrs={"type": "month", "placeholder": "2018-07"})
        super().__init__(input_formats=["%Y-%m", "%Y-%m-%d"], widget=widget, required=False, **kwargs)


def ticks(choices, label):
    return forms.MultipleChoiceField(choices=choices, label=label, required=False, widget=forms.CheckboxSelectMultiple)


class TimesHere(KnownForm):
    """Times in the zone of the venue; errors that name and link the session in the way."""

    starts_at = HereField(label=_("starts"))
    ends_at = HereField(label=_("ends"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.declared_fields:
            if name in self.fields:
                self.fields[name].label = capfirst(str(self.fields[name].label))
        zone = self.instance.zone if self.instance.forum_id else None
        for name in TIMES:
            value = self.initial.get(name)
            if zone and value and timezone.is_aware(value):
                self.initial[name] = value.astimezone(zone).replace(tzinfo=None)

    def zone(self, cleaned: dict) -> ZoneInfo:
        """Of the venue chosen, else of the forum."""
        venue: Venue | None = cleaned.get("venue") if "venue" in self.fields else self.instance.venue
        forum: Forum | None = cleaned.get("forum") or (self.instance.forum if self.instance.forum_id else None)
        room: Room | None = cleaned.get("room")
        place = venue or (room.venue if room else None) or forum
        return place.zone if place else ZoneInfo("UTC")

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        if "venue" in self.fields and cleaned.get("room") and not cleaned.get("venue"):
            cleaned["venue"] = cleaned["room"].venue
        with timezone.override(self.zone(cleaned)):
            for name in TIMES:
                if cleaned.get(name):
                    try:
                        cleaned[name] = from_current_timezone(cleaned[name])
                    except ValidationError as error:
                        self.add_error(name, error)
        return cleaned

    def _post_clean(self):
        """Also the constraints that name a field which this form does not show."""
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            try:
                self.instance.validate_constraints()
            except ValidationError as error:
                self._update_errors(error)

    def _update_errors(self, errors):
        """Errors of the row: the session in the way becomes a link; what no field here can show stands on top."""
        found: dict[str, list[ValidationError]] = {}
        for name, own in errors.update_error_dict({}).items():
            found.setdefault(name if name in self.fields else NON_FIELD_ERRORS, []).extend(map(_linked, own))
        super()._update_errors(ValidationError(found))  # type: ignore[misc]


def session_link(session: Session):
    return format_html('<a href="{}">{}</a>', reverse("admin:schedule_session_change", args=[session.pk]), session)


def _linked(error: ValidationError) -> ValidationError:
    if error.code != "room_taken" or not error.params:
        return error
    message = format_html(
        str(_("The room is taken at this time by {session}.")), session=session_link(error.params["session"])
    )
    return ValidationError(message, code=error.code)


class SessionForm(TimesHere):
    room = RoomField(
        Room.objects.select_related("venue").order_by("venue__name", "position", "name"),
        label=_("room"),
        required=False,
        help_text=_("The venue follows from the room when it is left open."),
    )
    month = MonthField(label=_("month"))
    to_confirm = ticks(Session.Unconfirmed, _("to be confirmed"))
    floor_languages = ticks(LANGUAGE_CHOICES, _("languages of the floor"))
    interpretation = ticks(LANGUAGE_CHOICES, _("interpretation into"))

    class Meta:
        model = Session
        fields = "__all__"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        zone = self.instance.zone if self.instance.forum_id else None
        for name in TIMES:
            if name in self.fields:
                self.fields[name].help_text = (
                    _("In the time of %(zone)s.") % {"zone": isolated(zone.key)}
                    if zone
                    else _("In the time of the venue.")
                )
        if "kind" in self.fields and self.instance._state.adding:
            own = Session.own_models()
            self.fields["kind"].choices = [(value, label) for value, label in Session.Kind.choices if value not in own]  # type: ignore[attr-defined]


class PartForm(TimesHere):
    """A part: a row in its session's own page. Forum, kind and timing are those of the whole."""

    room = RoomField(
        Room.objects.select_related("venue").order_by("venue__name", "position", "name"),
        label=_("room"),
        required=False,
    )

    def clean(self):
        cleaned = super().clean()
        room = cleaned.get("room")
        if room:
            self.instance.venue = room.venue
        return cleaned


class PartFormSet(NamedFormSet):
    """Parts take the forum from the whole, and two of them cannot be in one room at one time."""

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        part = form.instance
        if part._state.adding:
            whole: Session = self.instance
            part.forum_id, part.venue_id = whole.forum_id, whole.venue_id
            part.kind, part.timing = part.KIND or Session.Kind.OTHER, Session.Timing.TIMED
        return form

    def clean(self):
        super().clean()
        rows = [
            form
            for form in self.forms
            if form.is_valid() and form.has_changed() and not self._should_delete_form(form)  # type: ignore[attr-defined]
        ]
        for first, second in combinations(rows, 2):
            one, two = first.cleaned_data, second.cleaned_data
            if not (
                one.get("room") and one["room"] == two.get("room") and all(one.get(t) and two.get(t) for t in TIMES)
            ):
                continue
            if one["starts_at"] < two["ends_at"] and two["starts_at"] < one["ends_at"]:
                second.add_error(
                    None,
                    _("The room is taken at this time by “%(session)s”.") % {"session": one.get("title_en", "")},
                )


class PaperForm(KnownForm):
    """A background paper. Without a new file the one that is kept stays."""

    file = forms.FileField(
        label=_("PDF file"),
        required=False,
        help_text=_("At most 5 MB. A new file takes the place of the old one from the next release on."),
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file is None and not self.instance.digest:
            raise ValidationError(_("Choose the PDF file of the paper."))
        try:
            self.pages = pages_of(file) if file else self.instance.pages
        except UploadRefused as refusal:
            raise ValidationError(str(refusal)) from refusal
        return file

    def save(self, commit=True):
        if file := self.cleaned_data["file"]:
            file.seek(0)
            self.instance.digest, self.instance.pages = keep(file.read()), self.pages
        return super().save(commit)
