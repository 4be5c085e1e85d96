from django.db import migrations, models


class Migration(migrations.Migration):
    """Rows of before have no digest: the next release counts them as changed, which a calendar bears."""

    dependencies = [("programme", "0002_release_is_immutable")]

    operations = [
        migrations.AddField(
            model_name="publishedsession",
            name="shown",
            field=models.CharField(default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="publishedsession",
            name="sequence",
            field=models.PositiveIntegerField(default=0),
            preserve_default=False,
        ),
    ]
