from django.db import migrations

# code, colour, governments, places at the table and behind it, name in English, French, Spanish, Arabic
CATEGORIES = [
    ("member-state", "#3733b4", True, 1, 1, "Member State", "État Membre", "Estado Miembro", "دولة عضو"),
    ("observer", "#4b4f68", False, 0, 1, "Observer", "Observateur", "Observador", "مراقب"),
    (
        "un-entity",
        "#1f6f8b",
        False,
        0,
        1,
        "United Nations entity or international organisation",
        "Entité des Nations Unies ou organisation internationale",
        "Entidad de las Naciones Unidas u organización internacional",
        "كيان تابع للأمم المتحدة أو منظمة دولية",
    ),
    ("civil-society", "#1c6149", False, 0, 1, "Civil society", "Société civile", "Sociedad civil", "المجتمع المدني"),
    ("business", "#7a4b12", False, 0, 1, "Business", "Entreprises", "Sector empresarial", "قطاع الأعمال"),
    (
        "local-authority",
        "#6b2f6b",
        False,
        0,
        1,
        "Local authority",
        "Collectivité locale",
        "Autoridad local",
        "سلطة محلية",
    ),
    ("academia", "#5a5a1e", False, 0, 1, "Academia", "Monde universitaire", "Mundo académico", "الأوساط الأكاديمية"),
    ("youth", "#a03c22", False, 0, 1, "Youth", "Jeunesse", "Juventud", "الشباب"),
    ("media", "#8a1f4b", False, 0, 0, "Media", "Médias", "Medios de comunicación", "وسائط الإعلام"),
    (
        "host",
        "#161a36",
        False,
        0,
        0,
        "Host and support",
        "Pays hôte et appui",
        "País anfitrión y apoyo",
        "البلد المضيف والدعم",
    ),
]


def create(apps, schema_editor):
    category = apps.get_model("registrations", "DelegationCategory")
    for position, (code, colour, is_government, table, behind, en, fr, es, ar) in enumerate(CATEGORIES, 1):
        category.objects.create(
            code=code,
            colour=colour,
            position=position,
            is_government=is_government,
            table_places=table,
            behind_places=behind,
            name=en,
            name_en=en,
            name_fr=fr,
            name_es=es,
            name_ar=ar,
        )


class Migration(migrations.Migration):
    """The categories a forum starts with; organisers change them in the administration."""

    dependencies = [("registrations", "0002_limits_are_kept")]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
