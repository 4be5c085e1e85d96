from django.db import migrations

QUOTA = """
-- Places of one kind that a delegation may hold at a seating.
CREATE OR REPLACE FUNCTION registrations_quota(wanted_seating bigint, wanted_delegation bigint, place text)
RETURNS integer LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT CASE place
            WHEN 'table' THEN coalesce(s.table_places, c.table_places)
            WHEN 'behind' THEN coalesce(s.behind_places, c.behind_places)
            ELSE coalesce(s.observer_places, c.observer_places)
        END
        FROM registrations_delegation d
        JOIN registrations_delegationcategory c ON c.id = d.category_id
        LEFT JOIN registrations_seatingshare s ON s.category_id = c.id AND s.seating_id = wanted_seating
        WHERE d.id = wanted_delegation
    );
END $$;
"""


class Migration(migrations.Migration):
    """Functions that every place waits for are not planned at each call.

    One in SQL always is, one in PL/pgSQL five times for each connection, which costs 2 ms each for the eleven tables
    of a look: its plan is the same whatever the arguments.
    """

    dependencies = [
        ("registrations", "0011_places_of_a_delegation"),
    ]

    operations = [
        migrations.RunSQL(QUOTA, migrations.RunSQL.noop),
        migrations.RunSQL(
            "ALTER FUNCTION registrations_look SET plan_cache_mode = force_generic_plan",
            "ALTER FUNCTION registrations_look RESET plan_cache_mode",
        ),
    ]
