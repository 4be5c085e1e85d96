from .models import Party
from .spreadsheets import ChoiceWidget, Sheet, column, columns


class PartySheet(Sheet):
    kind = column("kind", ChoiceWidget(Party.Kind))

    class Meta(Sheet.Meta):
        abstract = False
        model = Party
        import_id_fields = ["code"]
        fields = [
            "code",
            "kind",
            *columns("short_name", "formal_name", "acronym", "sort_key"),
            "region",
            "regional_group",
            "valid_from",
            "valid_to",
            "source",
            "note",
        ]
