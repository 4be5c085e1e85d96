import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registrations", "0016_look_at_many_places"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="invitation", name="invitation_pending_once"),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                models.F("delegation"),
                models.F("purpose"),
                django.db.models.functions.text.Lower("email"),
                models.F("delegate"),
                condition=models.Q(("accepted_at", None), ("withdrawn_at", None)),
                name="invitation_pending_once",
                nulls_distinct=False,
                violation_error_message="An invitation to this address is on its way already.",
            ),
        ),
    ]
