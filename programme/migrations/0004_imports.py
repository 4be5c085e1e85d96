import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

LANGUAGES = [("en", "English"), ("fr", "French"), ("es", "Spanish"), ("ar", "Arabic")]


def by(label):
    """The account that did something."""
    return models.ForeignKey(
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
        verbose_name=label,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("programme", "0003_sequence"),
        ("schedule", "0005_background_papers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Import",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file_name", models.CharField(max_length=200, verbose_name="file")),
                ("digest", models.CharField(max_length=64, verbose_name="digest")),
                ("language", models.CharField(choices=LANGUAGES, max_length=2, verbose_name="language")),
                ("data", models.BinaryField(null=True)),
                ("uploaded_at", models.DateTimeField(verbose_name="read at")),
                (
                    "applied",
                    models.JSONField(
                        default=list,
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        verbose_name="changes",
                    ),
                ),
                ("applied_at", models.DateTimeField(null=True, verbose_name="taken over at")),
                ("undone_at", models.DateTimeField(null=True, verbose_name="undone at")),
                ("uploaded_by", by("read by")),
                ("applied_by", by("taken over by")),
                ("undone_by", by("undone by")),
                (
                    "forum",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imports",
                        to="schedule.forum",
                        verbose_name="forum",
                    ),
                ),
            ],
            options={
                "verbose_name": "import of a concept paper",
                "verbose_name_plural": "imports of concept papers",
                "ordering": ["-uploaded_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("data", None), ("applied_at", None), _connector="XOR"),
                        name="import_keeps_its_file_until_it_is_applied",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("undone_at", None), ("applied_at__isnull", False), _connector="OR"),
                        name="import_undone_was_applied",
                    ),
                ],
            },
        ),
    ]
