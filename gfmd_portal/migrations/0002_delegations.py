from django.contrib.auth.management import create_permissions
from django.db import migrations

ADDED = {
    "organiser": [
        *("view_letter", "add_letter", "delete_letter"),
        *("view_invitation", "add_invitation", "change_invitation"),
        *("view_platecount", "add_platecount"),
        *("view_distinctpersons", "add_distinctpersons"),
        *("view_erasurerequest", "change_erasurerequest"),
        *("check_in", "read_needs"),
    ],
    "staff": ["view_platecount", "add_platecount", "check_in"],
}


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
    """Who may do what is new with delegations, accreditation and the door."""

    dependencies = [
        ("gfmd_portal", "0001_groups"),
        ("registrations", "0006_categories_have_rules"),
    ]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
