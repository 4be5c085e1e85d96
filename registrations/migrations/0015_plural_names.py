from django.db import migrations

# code, name in English, and of several in English, French, Spanish, Arabic; the others are called the same
PLURALS = [
    ("member-state", "Member State", "Member States", "États Membres", "Estados Miembros", "الدول الأعضاء"),
    ("observer", "Observer", "Observers", "Observateurs", "Observadores", "المراقبون"),
    (
        "un-entity",
        "United Nations entity or international organisation",
        "United Nations entities and international organisations",
        "Entités des Nations Unies et organisations internationales",
        "Entidades de las Naciones Unidas y organizaciones internacionales",
        "كيانات الأمم المتحدة والمنظمات الدولية",
    ),
    (
        "local-authority",
        "Local authority",
        "Local authorities",
        "Collectivités locales",
        "Autoridades locales",
        "السلطات المحلية",
    ),
]


def fill(apps, schema_editor):
    categories = apps.get_model("registrations", "DelegationCategory").objects
    for code, name, en, fr, es, ar in PLURALS:
        categories.filter(code=code, name_en=name).update(
            plural_name=en, plural_name_en=en, plural_name_fr=fr, plural_name_es=es, plural_name_ar=ar
        )


class Migration(migrations.Migration):
    """Categories that nobody has renamed are called as the United Nations call several of them."""

    dependencies = [("registrations", "0014_names_of_several")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
