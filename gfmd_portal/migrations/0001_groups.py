from django.contrib.auth.management import create_permissions
from django.db import migrations

EDIT = ["view", "add", "change", "delete"]
KEEP = ["view", "add", "change"]
READ = ["view"]

# What each role's work needs, and no more: room → models → verbs.
ORGANISER = {
    "people": {"party": KEEP, "person": KEEP, "user": READ},
    "schedule": dict.fromkeys(("forum", "forumchair", "venue", "room", "session", "role"), EDIT),
    "themes": dict.fromkeys(("theme", "section", "reference", "commitment"), EDIT),
    "roundtables": dict.fromkeys(("roundtable", "expectedoutcome", "guidingquestion"), EDIT),
    "workshops": dict.fromkeys(("workshop", "sideevent", "commonspacesession", "specialsession"), EDIT),
    "programme": {"release": READ, "withdrawal": ["view", "add"]},
    "registrations": {
        "delegationcategory": KEEP,
        "delegation": KEEP,
        "focalpoint": EDIT,
        "delegate": KEEP,
        "delegationhead": EDIT,
        "accreditationchange": READ,
        "seating": KEEP,
        "seatingshare": EDIT,
        "registration": ["view", "change"],
        "seatexception": ["view", "add"],
    },
    "documents": {"document": READ},
    "post_office": {"email": READ},
}
STAFF = {
    "people": {"party": READ, "person": READ},
    "schedule": dict.fromkeys(ORGANISER["schedule"], READ),
    "themes": dict.fromkeys(ORGANISER["themes"], READ),
    "roundtables": dict.fromkeys(ORGANISER["roundtables"], READ),
    "workshops": dict.fromkeys(ORGANISER["workshops"], READ),
    "programme": {"release": READ},
    "registrations": dict.fromkeys(
        ("delegationcategory", "delegation", "delegate", "delegationhead", "seating", "seatingshare", "registration"),
        READ,
    ),
    "documents": {"document": READ},
}
SPECIAL = {"organiser": [("programme", "publish"), ("programme", "preview")], "staff": []}


def make(apps, schema_editor):
    for config in apps.get_app_configs():
        config.models_module = True  # permissions are made after a migration only; these are needed in it
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
    give(apps)


def give(apps):
    """Make the groups with their permissions, which are there."""
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, rooms in (("organiser", ORGANISER), ("staff", STAFF)):
        wanted = {
            (room, f"{verb}_{model}")
            for room, models in rooms.items()
            for model, verbs in models.items()
            for verb in verbs
        } | set(SPECIAL[name])
        found = {
            (permission.content_type.app_label, permission.codename): permission
            for permission in Permission.objects.select_related("content_type")
        }
        group, _made = Group.objects.get_or_create(name=name)
        group.permissions.set([found[key] for key in sorted(wanted)])


class Migration(migrations.Migration):
    """The roles of those who enter the administration."""

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("documents", "0001_documents_and_readings"),
        ("people", "0003_account_language"),
        ("post_office", "0001_initial"),
        ("programme", "0002_release_is_immutable"),
        ("registrations", "0003_categories"),
        ("roundtables", "0001_initial"),
        ("schedule", "0001_initial"),
        ("themes", "0001_initial"),
        ("workshops", "0001_initial"),
    ]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
