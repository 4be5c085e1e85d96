from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations
from django.db.models import Value
from django.db.models.functions import Concat


class Migration(migrations.Migration):
    dependencies = [("people", "0005_photograph_listing_erasure")]

    operations = [
        TrigramExtension(),
        migrations.AddIndex(
            model_name="person",
            index=GinIndex(
                OpClass(Concat("given_name", Value(" "), "family_name"), name="gin_trgm_ops"),
                name="person_name_trigram",
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=GinIndex(OpClass("arabic_name", name="gin_trgm_ops"), name="person_arabic_name_trigram"),
        ),
    ]
