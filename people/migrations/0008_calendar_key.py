from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0007_ranks_have_names")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="calendar_key",
            field=models.CharField(
                editable=False, max_length=43, null=True, unique=True, verbose_name="key of the calendar"
            ),
        ),
    ]
