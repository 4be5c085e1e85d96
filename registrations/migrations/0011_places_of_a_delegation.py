import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """What a delegation has at one seating is found without going through all who have or wait for a place there."""

    dependencies = [
        ("registrations", "0010_look_brings_the_party"),
    ]

    operations = [
        migrations.AlterField(
            model_name="registration",
            name="delegation",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="registrations",
                to="registrations.delegation",
                verbose_name="delegation",
            ),
        ),
        migrations.AddIndex(
            model_name="registration",
            index=models.Index(fields=["delegation", "seating"], name="registration_of_delegation"),
        ),
    ]
