import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations, models

CONFIGURATIONS = {"en": "english", "fr": "french", "es": "spanish", "ar": "arabic"}


def configure(apps, schema_editor):
    """Each language without its accents, also where a reader leaves them out."""
    for code, name in CONFIGURATIONS.items():
        schema_editor.execute(f"CREATE TEXT SEARCH CONFIGURATION programme_{code} (COPY = pg_catalog.{name})")
        schema_editor.execute(
            f"ALTER TEXT SEARCH CONFIGURATION programme_{code}"
            f" ALTER MAPPING FOR hword, hword_part, word WITH unaccent, pg_catalog.{name}_stem"
        )


def remove(apps, schema_editor):
    for code in CONFIGURATIONS:
        schema_editor.execute(f"DROP TEXT SEARCH CONFIGURATION programme_{code}")


class Migration(migrations.Migration):
    """Releases of before are found once `manage.py project_releases` has written out their entries."""

    dependencies = [("programme", "0004_imports"), ("schedule", "0005_background_papers")]

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunPython(configure, remove),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=5)),
                ("kind", models.CharField(max_length=12)),
                ("key", models.CharField(max_length=40)),
                ("position", models.PositiveIntegerField()),
                ("title", models.TextField(blank=True)),
                ("keys", models.TextField(blank=True)),
                ("text", models.TextField(blank=True)),
                ("within", models.TextField(blank=True)),
                ("plain", models.TextField(blank=True)),
                ("digest", models.CharField(max_length=64)),
                ("vector", django.contrib.postgres.search.SearchVectorField(null=True)),
                (
                    "forum",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="search_entries", to="schedule.forum"
                    ),
                ),
            ],
            options={
                "ordering": ["position", "language"],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["vector"], name="search_entry_vector"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["plain"], name="search_entry_trigrams", opclasses=["gin_trgm_ops"]
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("forum", "language", "kind", "key"), name="search_entry_unique")
                ],
            },
        ),
    ]
