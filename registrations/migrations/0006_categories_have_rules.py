from django.db import migrations


def set_rules(apps, schema_editor):
    category = apps.get_model("registrations", "DelegationCategory")
    category.objects.filter(code="member-state").update(places_are_kept=True, needs_letter=True)
    category.objects.filter(code="observer").update(behind_places=0, observer_places=1)


class Migration(migrations.Migration):
    """The rules that the categories start with; organisers change them in the administration."""

    dependencies = [("registrations", "0005_rules_are_kept")]

    operations = [migrations.RunPython(set_rules, migrations.RunPython.noop)]
