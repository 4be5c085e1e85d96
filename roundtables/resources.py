from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from import_export import widgets

from people.spreadsheets import Sheet, column, columns
from schedule.resources import OfForumWidget
from themes.models import Commitment

from .models import GuidingQuestion, Roundtable


class KeysWidget(widgets.ManyToManyWidget):
    """Commitments by key, with commas between; an unknown one is named."""

    def __init__(self):
        super().__init__(Commitment, field="key", separator=", ")

    def clean(self, value, row=None, **kwargs):
        keys = [key.strip() for key in str(value or "").split(",") if key.strip()]
        found = list(Commitment.objects.filter(key__in=keys))
        if unknown := set(keys) - {commitment.key for commitment in found}:
            raise ValidationError(_("There is no commitment “%(keys)s”."), params={"keys": ", ".join(sorted(unknown))})
        return found

    def render(self, value, obj=None, **kwargs):
        return ", ".join(sorted(commitment.key for commitment in value.all())) if value is not None else ""


class RoundtableWidget(OfForumWidget):
    def get_queryset(self, value, row, *args, **kwargs):
        return super().get_queryset(value, row).select_related("theme", "forum")


class GuidingQuestionSheet(Sheet):
    """Known by forum, roundtable and position; another text at a position is a new wording."""

    forum = column("forum", widgets.CharWidget())
    roundtable = column("roundtable", RoundtableWidget(Roundtable, "slug"))
    commitments = column("commitments", KeysWidget())

    class Meta(Sheet.Meta):
        abstract = False
        model = GuidingQuestion
        import_id_fields = ["roundtable", "position"]
        fields = ["forum", "roundtable", "position", *columns("text"), "commitments"]

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.fields["forum"].attribute = "roundtable__forum__slug"
        self.fields["forum"].readonly = True

    def filter_export(self, queryset, **kwargs):
        return (
            queryset.select_related("roundtable__forum")
            .prefetch_related("commitments")
            .order_by("roundtable__forum", "roundtable__slug", "position")
        )

    def get_queryset(self):
        return super().get_queryset().select_related("roundtable__forum").prefetch_related("commitments")
