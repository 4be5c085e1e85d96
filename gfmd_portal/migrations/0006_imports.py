from django.contrib.auth.management import create_permissions
from django.db import migrations

VERBS = {"organiser": ["view", "add"], "staff": ["view"]}


def make(apps, schema_editor):
    config = apps.get_app_config("programme")
    config.models_module = True  # permissions are made after a migration only; these are needed in it
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    give(apps)


def give(apps):
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, verbs in VERBS.items():
        codenames = [f"{verb}_import" for verb in verbs]
        found = Permission.objects.filter(content_type__app_label="programme", codename__in=codenames)
        assert found.count() == len(codenames)
        Group.objects.get(name=name).permissions.add(*found)


class Migration(migrations.Migration):
    """Organisers take concept papers over; staff see which were."""

    dependencies = [
        ("gfmd_portal", "0005_background_papers"),
        ("programme", "0004_imports"),
    ]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
