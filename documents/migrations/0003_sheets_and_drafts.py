import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_failures")]

    operations = [
        migrations.AddField(
            model_name="document",
            name="sheet",
            field=models.CharField(
                choices=[
                    ("a4", "A4"),
                    ("a4-joined", "A4, sheets that join"),
                    ("a4-four", "A4, four on a sheet, with crop marks"),
                    ("a3", "A3"),
                    ("a6", "A6"),
                ],
                default="a4",
                max_length=10,
                verbose_name="sheet",
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="ink",
            field=models.CharField(
                choices=[("colour", "In colour"), ("black", "Black and white")],
                default="colour",
                max_length=10,
                verbose_name="ink",
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="is_draft",
            field=models.BooleanField(default=False, verbose_name="draft"),
        ),
        migrations.AddField(
            model_name="document",
            name="read_at",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="read at"),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="document",
            name="audience",
            field=models.UUIDField(
                blank=True,
                db_index=True,
                help_text="Without one it is for staff.",
                null=True,
                verbose_name="delegate or delegation it is for",
            ),
        ),
        migrations.RunSQL("UPDATE documents_document SET read_at = queued_at", migrations.RunSQL.noop),
    ]
