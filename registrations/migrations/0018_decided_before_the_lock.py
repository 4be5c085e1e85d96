from importlib import import_module

from django.db import migrations

BEFORE = import_module("registrations.migrations.0016_look_at_many_places")
DROP_BEFORE, PLANNED_ONCE = BEFORE.BEFORE.DROP, BEFORE.BEFORE.PLANNED_ONCE
DROP = "DROP FUNCTION registrations_look(bigint, bigint, text);"

LOOK = """
-- What decides about one delegate at one seating, which is locked before: 'wait', 'free' (unless another holds the
-- lock), or '' (not at all). Facts only, no rules.
-- A statement of a function sees what was committed before it began, so the second sees all that the first waited for.
CREATE FUNCTION registrations_look(wanted_seating bigint, wanted_delegate bigint, locking text) RETURNS TABLE (
    seating_id bigint, seating_session_id bigint, seating_table_seats integer, seating_behind_seats integer,
    seating_observer_seats integer, seating_held_back integer, seating_opens_at timestamptz,
    seating_closes_at timestamptz,
    session_forum_id bigint, session_session_id bigint, session_slug varchar, session_kind varchar,
    session_number varchar, session_title jsonb, session_entry varchar, session_period tstzrange,
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
    taken bigint[],  -- seats at the table, behind it, among the observers
    is_locked boolean,
    -- Where it is of use: another when anything of this is another, of the seats only whether one of a kind is left
    seen bigint
) LANGUAGE plpgsql AS $$
DECLARE
    has_lock boolean := false;
BEGIN
    IF locking = 'wait' THEN
        PERFORM FROM registrations_seating WHERE id = wanted_seating FOR NO KEY UPDATE;
        has_lock := true;
    ELSIF locking = 'free' THEN
        PERFORM FROM registrations_seating WHERE id = wanted_seating FOR NO KEY UPDATE SKIP LOCKED;
        has_lock := FOUND;
    END IF;
    RETURN QUERY
    SELECT
        x.*, t.taken, has_lock,
        CASE WHEN locking = 'wait' OR locking = 'free' AND NOT has_lock THEN hashtextextended(
            ROW(
                x.*, t.taken[1] < x.table_seats - x.held_back, t.taken[2] < x.behind_seats,
                t.taken[3] < x.observer_seats
            )::text,
            0
        ) END
    FROM (
        SELECT
            s.id, s.session_id, s.table_seats, s.behind_seats, s.observer_seats, s.held_back, s.opens_at, s.closes_at,
            p.forum_id, p.session_id, p.slug, p.kind, p.number, p.title, p.entry, p.period, p.starts_at, p.ends_at,
            p.cancelled_at, p.zone,
            d.id, d.person_id, d.delegation_id, d.starts_on, d.ends_on, d.state,
            g.id, g.forum_id, g.party_id, g.category_id,
            o.id, o.code, o.short_name_en, o.short_name_fr, o.short_name_es, o.short_name_ar,
            c.id, c.is_government, c.table_places, c.behind_places, c.observer_places, c.places_are_kept, c.open_kinds,
            h.id, h.seating_id, h.category_id, h.table_places, h.behind_places, h.observer_places,
            n.id, n.honorific, n.given_name, n.family_name, n.arabic_name, n.erased_at,
            u.id, u.email, u.person_id, u.language, u.is_active,
            f.slug,
            -- An EXISTS would be answered out of a hash of all places there are. And were the status compared as usual,
            -- then by an index of a whole session's places.
            (
                SELECT true FROM registrations_registration r
                WHERE r.delegation_id = d.delegation_id AND r.seating_id = s.id
                    AND nullif(r.status, 'released') IS NOT NULL
                LIMIT 1
            ) IS NOT NULL,
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
        LEFT JOIN programme_publishedsession p ON p.session_id = s.session_id
        LEFT JOIN schedule_forum f ON f.id = p.forum_id
        JOIN registrations_delegate d ON d.id = wanted_delegate
        JOIN registrations_delegation g ON g.id = d.delegation_id
        JOIN people_party o ON o.id = g.party_id
        JOIN registrations_delegationcategory c ON c.id = g.category_id
        LEFT JOIN registrations_seatingshare h ON h.seating_id = s.id AND h.category_id = c.id
        JOIN people_person n ON n.id = d.person_id
        LEFT JOIN people_user u ON u.person_id = n.id
        WHERE s.id = wanted_seating
    ) x, (
        SELECT ARRAY[
            count(*) FILTER (WHERE r.place = 'table'),
            count(*) FILTER (WHERE r.place = 'behind'),
            count(*) FILTER (WHERE r.place = 'observer')
        ] AS taken
        FROM registrations_registration r
        WHERE r.seating_id = wanted_seating AND r.status = 'confirmed'
            AND r.id NOT IN (SELECT e.registration_id FROM registrations_seatexception e WHERE e.beyond_seats)
    ) t;
END $$;
"""

STILL = """
-- Locks a seating. Fails when what decides there about a delegate is no longer what was seen before the lock.
CREATE FUNCTION registrations_still(wanted_seating bigint, wanted_delegate bigint, seen bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT l.seen FROM registrations_look(wanted_seating, wanted_delegate, 'wait') l) IS DISTINCT FROM seen THEN
        RAISE EXCEPTION 'What was decided upon has changed.' USING ERRCODE = 'serialization_failure';
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    """While another holds the lock it is not waited for: what is decided without it is written if it still holds then.

    Of many who want a place at one session, all had to wait while one of them was thought about.
    """

    dependencies = [
        ("registrations", "0017_invitations_for_entries"),
    ]

    operations = [
        migrations.RunSQL(DROP_BEFORE + LOOK + PLANNED_ONCE, DROP + BEFORE.LOOK + PLANNED_ONCE),
        migrations.RunSQL(STILL, "DROP FUNCTION registrations_still(bigint, bigint, bigint)"),
    ]
