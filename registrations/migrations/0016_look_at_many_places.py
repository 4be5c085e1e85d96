from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

BEFORE = import_module("registrations.migrations.0013_look_is_flat")

SEATS = """AND NOT EXISTS (
                SELECT FROM registrations_seatexception e WHERE e.registration_id = r.id AND e.beyond_seats
            )"""
SEATS_NOW = """AND r.id NOT IN (
                SELECT e.registration_id FROM registrations_seatexception e WHERE e.beyond_seats
            )"""
REPRESENTED = """
        EXISTS (
            SELECT FROM registrations_registration r
            WHERE r.delegation_id = d.delegation_id AND r.seating_id = s.id AND r.status <> 'released'
        ),
"""
# An EXISTS would be answered out of a hash of all places there are. And were the status compared as usual, then by an
# index of a whole session's places.
REPRESENTED_NOW = """
        (
            SELECT true FROM registrations_registration r
            WHERE r.delegation_id = d.delegation_id AND r.seating_id = s.id AND nullif(r.status, 'released') IS NOT NULL
            LIMIT 1
        ) IS NOT NULL,
"""
LOOK = BEFORE.LOOK.replace(SEATS, SEATS_NOW).replace(REPRESENTED, REPRESENTED_NOW)


class Migration(migrations.Migration):
    """What a look costs no longer grows with the table, and less with the places of the session.

    Of several indexes that begin with the seating, PostgreSQL would choose one that has it read every place there.
    """

    dependencies = [
        ("registrations", "0015_plural_names"),
    ]

    operations = [
        migrations.AlterField(
            model_name="registration",
            name="seating",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="registrations",
                to="registrations.seating",
                verbose_name="seating",
            ),
        ),
        migrations.RunSQL(BEFORE.DROP + LOOK + BEFORE.PLANNED_ONCE, BEFORE.DROP + BEFORE.LOOK + BEFORE.PLANNED_ONCE),
    ]
