from importlib import import_module

from django.db import migrations

DROP = "DROP FUNCTION registrations_look(bigint, bigint, boolean);"
BEFORE = import_module("registrations.migrations.0007_one_look_under_the_lock").LOOK

LOOK = """
-- What decides about one delegate at one seating, which is locked before if so wanted. Facts only, no rules.
-- A statement of a function sees what was committed before it began, so the second sees all that the first waited for.
CREATE FUNCTION registrations_look(wanted_seating bigint, wanted_delegate bigint, locking boolean) RETURNS TABLE (
    seating registrations_seating,
    session programme_publishedsession,
    forum_id bigint,
    forum_slug varchar,
    delegate registrations_delegate,
    delegation registrations_delegation,
    party people_party,
    category registrations_delegationcategory,
    share registrations_seatingshare,
    person people_person,
    account people_user,
    taken bigint[],  -- seats at the table, behind it, among the observers
    is_represented boolean,
    is_elsewhere boolean,
    is_waited_for boolean
) LANGUAGE plpgsql AS $$
BEGIN
    IF locking THEN
        PERFORM FROM registrations_seating WHERE id = wanted_seating FOR NO KEY UPDATE;
    END IF;
    RETURN QUERY
    SELECT s, p, f.id, f.slug, d, g, o, c, h, n, u,
        (
            SELECT ARRAY[
                count(*) FILTER (WHERE r.place = 'table'),
                count(*) FILTER (WHERE r.place = 'behind'),
                count(*) FILTER (WHERE r.place = 'observer')
            ]
            FROM registrations_registration r
            WHERE r.seating_id = s.id AND r.status = 'confirmed' AND NOT EXISTS (
                SELECT FROM registrations_seatexception e WHERE e.registration_id = r.id AND e.beyond_seats
            )
        ),
        EXISTS (
            SELECT FROM registrations_registration r
            WHERE r.delegation_id = d.delegation_id AND r.seating_id = s.id AND r.status <> 'released'
        ),
        EXISTS (
            SELECT FROM registrations_registration r
            WHERE r.person_id = d.person_id AND r.period && p.period AND r.status = 'confirmed'
                AND (r.seating_id <> s.id OR r.delegate_id <> d.id)
        ),
        -- With its order, so that the index of the queue is used: where nobody waits there is nothing to find soon
        (
            SELECT r.id FROM registrations_registration r
            WHERE r.seating_id = s.id AND r.status = 'waitlisted' ORDER BY r.id LIMIT 1
        ) IS NOT NULL
    FROM registrations_seating s
    JOIN schedule_session t ON t.id = s.session_id
    JOIN schedule_forum f ON f.id = t.forum_id
    LEFT JOIN programme_publishedsession p ON p.session_id = s.session_id
    JOIN registrations_delegate d ON d.id = wanted_delegate
    JOIN registrations_delegation g ON g.id = d.delegation_id
    JOIN people_party o ON o.id = g.party_id
    JOIN registrations_delegationcategory c ON c.id = g.category_id
    LEFT JOIN registrations_seatingshare h ON h.seating_id = s.id AND h.category_id = c.id
    JOIN people_person n ON n.id = d.person_id
    LEFT JOIN people_user u ON u.person_id = n.id
    WHERE s.id = wanted_seating;
END $$;
"""


class Migration(migrations.Migration):
    """Who waits is told for whom the places are: the look at a case brings the party, too."""

    dependencies = [
        ("registrations", "0009_draws_stay"),
        ("people", "0006_names_are_searched"),
    ]

    operations = [
        migrations.RunSQL(DROP + LOOK, DROP + BEFORE),
    ]
