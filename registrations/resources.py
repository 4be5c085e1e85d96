from people.models import Party
from people.spreadsheets import LookupWidget, Sheet, column
from schedule.models import Forum

from .models import Delegation, DelegationCategory


class DelegationSheet(Sheet):
    """Which parties come, and as what. Keys stay in the administration."""

    forum = column("forum", LookupWidget(Forum, "slug"))
    party = column("party", LookupWidget(Party, "code"))
    category = column("category", LookupWidget(DelegationCategory, "code"))

    class Meta(Sheet.Meta):
        abstract = False
        model = Delegation
        import_id_fields = ["forum", "party"]
        fields = ["forum", "party", "category"]

    def filter_export(self, queryset, **kwargs):
        return queryset.select_related("forum", "party", "category")

    def get_queryset(self):
        return super().get_queryset().select_related("forum", "party", "category")
