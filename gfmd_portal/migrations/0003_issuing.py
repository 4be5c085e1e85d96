from django.contrib.auth.management import create_permissions
from django.db import migrations


def make(apps, schema_editor):
    for config in apps.get_app_configs():
        config.models_module = True  # permissions are made after a migration only; these are needed in it
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
    give(apps)


def give(apps):
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    found = Permission.objects.get(content_type__app_label="documents", codename="issue_document")
    Group.objects.get(name="organiser").permissions.add(found)


class Migration(migrations.Migration):
    """Who may issue papers."""

    dependencies = [
        ("gfmd_portal", "0002_delegations"),
        ("documents", "0004_issues"),
    ]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
