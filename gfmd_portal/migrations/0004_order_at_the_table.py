from django.contrib.auth.management import create_permissions
from django.db import migrations

ADDED = {"organiser": ["view_letterdraw", "add_letterdraw"], "staff": ["view_letterdraw"]}


def make(apps, schema_editor):
    for config in apps.get_app_configs():
        config.models_module = True  # permissions are made after a migration only; these are needed in it
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
    give(apps)


def give(apps):
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, codenames in ADDED.items():
        found = Permission.objects.filter(content_type__app_label="registrations", codename__in=codenames)
        assert found.count() == len(codenames)
        Group.objects.get(name=name).permissions.add(*found)


class Migration(migrations.Migration):
    """Organisers draw the letter with which the order at the table begins; staff read it."""

    dependencies = [
        ("gfmd_portal", "0003_issuing"),
        ("registrations", "0009_draws_stay"),
    ]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
