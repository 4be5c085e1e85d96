import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programme", "0005_search"), ("schedule", "0005_background_papers")]

    operations = [
        migrations.CreateModel(
            name="ForumAddress",
            fields=[
                ("slug", models.SlugField(primary_key=True, serialize=False)),
                (
                    "forum",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="addresses", to="schedule.forum"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="NodeAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=12)),
                ("address", models.CharField(max_length=120)),
                ("uuid", models.UUIDField()),
                (
                    "forum",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="schedule.forum"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("forum", "kind", "address"), name="node_address_unique")
                ],
            },
        ),
    ]
