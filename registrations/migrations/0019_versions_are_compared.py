from importlib import import_module

from django.db import migrations

BEFORE = import_module("registrations.migrations.0018_decided_before_the_lock")
DROP_BEFORE, PLANNED_ONCE = BEFORE.DROP, BEFORE.PLANNED_ONCE
DROP = "DROP FUNCTION registrations_look(bigint, bigint, boolean);"
DROP_STILL_BEFORE = "DROP FUNCTION registrations_still(bigint, bigint, bigint);"
DROP_STILL = "DROP FUNCTION registrations_still(bigint, bigint, text, boolean, boolean, boolean, boolean[]);"

COLUMNS = """
            s.id, s.session_id, s.table_seats, s.behind_seats, s.observer_seats, s.held_back, s.opens_at, s.closes_at,
            p.forum_id, p.session_id, p.slug, p.kind, p.number, p.title, p.entry, p.period::text, p.starts_at,
            p.ends_at, p.cancelled_at, p.zone,
            d.id, d.person_id, d.delegation_id, d.starts_on, d.ends_on, d.state,
            g.id, g.forum_id, g.party_id, g.category_id,
            o.id, o.code, o.short_name_en, o.short_name_fr, o.short_name_es, o.short_name_ar,
            c.id, c.is_government, c.table_places, c.behind_places, c.observer_places, c.places_are_kept, c.open_kinds,
            h.id, h.seating_id, h.category_id, h.table_places, h.behind_places, h.observer_places,
            n.id, n.honorific, n.given_name, n.family_name, n.arabic_name, n.erased_at,
            u.id, u.email, u.person_id, u.language, u.is_active,
            f.slug"""

# Who wrote each row last that decides something: an update by another transaction shows, a lock does not
VERSIONS = """ROW(s.xmin, p.xmin, d.xmin, g.xmin, c.xmin, h.xmin, n.xmin)::text"""

FACTS = """
            -- An EXISTS would be answered out of a hash of all places there are. And were the status compared as usual,
            -- then by an index of a whole session's places.
            (
                SELECT true FROM registrations_registration r
                WHERE r.delegation_id = d.delegation_id AND r.seating_id = s.id
                    AND nullif(r.status, 'released') IS NOT NULL
                LIMIT 1
            ) IS NOT NULL AS is_represented,
            EXISTS (
                SELECT FROM registrations_registration r
                WHERE r.person_id = d.person_id AND r.period && p.period AND r.status = 'confirmed'
                    AND (r.seating_id <> s.id OR r.delegate_id <> d.id)
            ) AS is_elsewhere,
            -- With its order, so that the index of the queue is used: where nobody waits there is nothing to find soon
            (
                SELECT r.id FROM registrations_registration r
                WHERE r.seating_id = s.id AND r.status = 'waitlisted' ORDER BY r.id LIMIT 1
            ) IS NOT NULL AS is_waited_for"""

ROWS = """
        FROM registrations_seating s
        LEFT JOIN programme_publishedsession p ON p.session_id = s.session_id
        JOIN registrations_delegate d ON d.id = wanted_delegate
        JOIN registrations_delegation g ON g.id = d.delegation_id
        JOIN registrations_delegationcategory c ON c.id = g.category_id
        LEFT JOIN registrations_seatingshare h ON h.seating_id = s.id AND h.category_id = c.id
        JOIN people_person n ON n.id = d.person_id"""

# What only words and addresses are made of
MORE_ROWS = """
        JOIN people_party o ON o.id = g.party_id
        LEFT JOIN schedule_forum f ON f.id = p.forum_id
        LEFT JOIN people_user u ON u.person_id = n.id"""

TAKEN = """
        SELECT ARRAY[
            count(*) FILTER (WHERE r.place = 'table'),
            count(*) FILTER (WHERE r.place = 'behind'),
            count(*) FILTER (WHERE r.place = 'observer')
        ] AS taken
        FROM registrations_registration r
        WHERE r.seating_id = wanted_seating AND r.status = 'confirmed'
            AND r.id NOT IN (SELECT e.registration_id FROM registrations_seatexception e WHERE e.beyond_seats)"""

LOOK = f"""
-- What decides about one delegate at one seating, which is locked before if that is wanted. Facts only, no rules.
-- A statement of a function sees what was committed before it began, so the second sees all that the first waited for.
CREATE FUNCTION registrations_look(wanted_seating bigint, wanted_delegate bigint, locked boolean) RETURNS TABLE (
    seating_id bigint, seating_session_id bigint, seating_table_seats integer, seating_behind_seats integer,
    seating_observer_seats integer, seating_held_back integer, seating_opens_at timestamptz,
    seating_closes_at timestamptz,
    session_forum_id bigint, session_session_id bigint, session_slug varchar, session_kind varchar,
    session_number varchar, session_title jsonb, session_entry varchar, session_period text,
    session_starts_at timestamptz, session_ends_at timestamptz, session_cancelled_at timestamptz, session_zone varchar,
    delegate_id bigint, delegate_person_id bigint, delegate_delegation_id bigint, delegate_starts_on date,
    delegate_ends_on date, delegate_state varchar,
    delegation_id bigint, delegation_forum_id bigint, delegation_party_id bigint, delegation_category_id bigint,
    party_id bigint, party_code varchar, party_short_name_en varchar, party_short_name_fr varchar,
    party_short_name_es varchar, party_short_name_ar varchar,
    category_id bigint, category_is_government boolean, category_table_places smallint,
    category_behind_places smallint, category_observer_places smallint, category_places_are_kept boolean,
    category_open_kinds varchar[],
    share_id bigint, share_seating_id bigint, share_category_id bigint, share_table_places smallint,
    share_behind_places smallint, share_observer_places smallint,
    person_id bigint, person_honorific varchar, person_given_name varchar, person_family_name varchar,
    person_arabic_name varchar, person_erased_at timestamptz,
    account_id bigint, account_email varchar, account_person_id bigint, account_language varchar,
    account_is_active boolean,
    forum_slug varchar,
    is_represented boolean,
    is_elsewhere boolean,
    is_waited_for boolean,
    versions text,
    taken bigint[]  -- seats at the table, behind it, among the observers
) LANGUAGE plpgsql AS $$
BEGIN
    IF locked THEN
        PERFORM FROM registrations_seating WHERE id = wanted_seating FOR NO KEY UPDATE;
    END IF;
    RETURN QUERY
    SELECT x.*, t.taken
    FROM (
        SELECT {COLUMNS},{FACTS},
            {VERSIONS}{ROWS}{MORE_ROWS}
        WHERE s.id = wanted_seating
    ) x, ({TAKEN}
    ) t;
END $$;
"""  # noqa: S608

STILL = f"""
-- Locks a seating. Fails when what decides there about a delegate is not what a look brought before the lock. For a
-- place only what no constraint keeps is looked at again; for one in line whether the hour is taken, too, and of which
-- kinds seats are left.
CREATE FUNCTION registrations_still(
    wanted_seating bigint, wanted_delegate bigint, versions text, is_represented boolean, is_waited_for boolean,
    is_elsewhere boolean, are_left boolean[]
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM registrations_seating WHERE id = wanted_seating FOR NO KEY UPDATE;
    IF NOT EXISTS (
        SELECT FROM (
            SELECT s.table_seats, s.behind_seats, s.observer_seats, s.held_back,{FACTS},
                {VERSIONS} AS versions{ROWS}
            WHERE s.id = wanted_seating
        ) x
        WHERE x.versions = registrations_still.versions
            AND x.is_represented = registrations_still.is_represented
            AND x.is_waited_for = registrations_still.is_waited_for
            AND (registrations_still.is_elsewhere IS NULL OR x.is_elsewhere = registrations_still.is_elsewhere)
            AND (are_left IS NULL OR are_left = (
                SELECT ARRAY[
                    t.taken[1] < x.table_seats - x.held_back, t.taken[2] < x.behind_seats,
                    t.taken[3] < x.observer_seats
                ]
                FROM ({TAKEN}
                ) t
            ))
    ) THEN
        RAISE EXCEPTION 'What was decided upon has changed.' USING ERRCODE = 'serialization_failure';
    END IF;
END $$;
ALTER FUNCTION registrations_still SET plan_cache_mode = force_generic_plan;
"""  # noqa: S608


class Migration(migrations.Migration):
    """Before a place is written only the versions of the rows are compared, and the facts: no column is read again.

    So it costs little to decide without the lock, which is now done whenever the case is plain.
    """

    dependencies = [
        ("registrations", "0018_decided_before_the_lock"),
    ]

    operations = [
        migrations.RunSQL(DROP_STILL_BEFORE, BEFORE.STILL),
        migrations.RunSQL(DROP_BEFORE + LOOK + PLANNED_ONCE, DROP + BEFORE.LOOK + PLANNED_ONCE),
        migrations.RunSQL(STILL, DROP_STILL),
    ]
