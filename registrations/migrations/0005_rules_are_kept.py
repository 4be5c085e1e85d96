from django.db import migrations

LIMITS = """
-- Seats of one kind at a seating that may be given.
CREATE OR REPLACE FUNCTION registrations_seats(seating registrations_seating, place text) RETURNS integer
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE place
        WHEN 'table' THEN seating.table_seats - seating.held_back
        WHEN 'behind' THEN seating.behind_seats
        ELSE seating.observer_seats
    END
$$;

-- Places of one kind that a delegation may hold at a seating.
CREATE FUNCTION registrations_quota(wanted_seating bigint, wanted_delegation bigint, place text) RETURNS integer
LANGUAGE sql STABLE AS $$
    SELECT CASE place
        WHEN 'table' THEN coalesce(s.table_places, c.table_places)
        WHEN 'behind' THEN coalesce(s.behind_places, c.behind_places)
        ELSE coalesce(s.observer_places, c.observer_places)
    END
    FROM registrations_delegation d
    JOIN registrations_delegationcategory c ON c.id = d.category_id
    LEFT JOIN registrations_seatingshare s ON s.category_id = c.id AND s.seating_id = wanted_seating
    WHERE d.id = wanted_delegation
$$;

CREATE OR REPLACE FUNCTION registrations_check_limits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seating registrations_seating;
    allowed integer;
    taken integer;
BEGIN
    -- Whoever confirms a place waits here for the others, so that nobody counts what is about to change.
    SELECT * INTO seating FROM registrations_seating WHERE id = NEW.seating_id FOR NO KEY UPDATE;

    IF NOT EXISTS (
        SELECT FROM schedule_session JOIN registrations_delegation USING (forum_id)
        WHERE schedule_session.id = seating.session_id AND registrations_delegation.id = NEW.delegation_id
    ) THEN
        RAISE EXCEPTION 'The delegation and the session belong to different forums.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'registration_is_in_one_forum';
    END IF;
    IF NEW.status <> 'confirmed' THEN
        RETURN NULL;
    END IF;

    allowed := registrations_seats(seating, NEW.place);
    SELECT count(*) INTO taken FROM registrations_registration r
    WHERE r.seating_id = NEW.seating_id AND r.place = NEW.place AND r.status = 'confirmed'
        AND NOT EXISTS (SELECT FROM registrations_seatexception e WHERE e.registration_id = r.id AND e.beyond_seats);
    IF taken > allowed THEN
        RAISE EXCEPTION 'All % seats are taken.', allowed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'seating_is_never_oversold';
    END IF;

    allowed := registrations_quota(NEW.seating_id, NEW.delegation_id, NEW.place);
    SELECT count(*) INTO taken FROM registrations_registration r
    WHERE r.seating_id = NEW.seating_id AND r.place = NEW.place AND r.status = 'confirmed'
        AND r.delegation_id = NEW.delegation_id
        AND NOT EXISTS (SELECT FROM registrations_seatexception e WHERE e.registration_id = r.id AND e.beyond_quota);
    IF taken > allowed THEN
        RAISE EXCEPTION 'The delegation holds all % places it may have.', allowed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'delegation_keeps_its_quota';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION registrations_check_lowered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM registrations_registration r
        WHERE r.seating_id = NEW.id AND r.status = 'confirmed'
            AND NOT EXISTS (SELECT FROM registrations_seatexception e WHERE e.registration_id = r.id AND e.beyond_seats)
        GROUP BY r.place
        HAVING count(*) > registrations_seats(NEW, r.place)
    ) THEN
        RAISE EXCEPTION 'More places are confirmed than would be left.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'seating_is_never_oversold';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER seating_keeps_what_is_confirmed ON registrations_seating;
CREATE TRIGGER seating_keeps_what_is_confirmed
    AFTER UPDATE OF table_seats, behind_seats, observer_seats, held_back ON registrations_seating
    FOR EACH ROW EXECUTE FUNCTION registrations_check_lowered();

-- A rule of a category, a share or the category of a delegation changes: every seating waits, then all is counted.
CREATE FUNCTION registrations_check_quotas() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM registrations_seating ORDER BY id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT FROM registrations_registration r
        WHERE r.status = 'confirmed'
            AND NOT EXISTS (SELECT FROM registrations_seatexception e WHERE e.registration_id = r.id AND e.beyond_quota)
        GROUP BY r.seating_id, r.delegation_id, r.place
        HAVING count(*) > registrations_quota(r.seating_id, r.delegation_id, r.place)
    ) THEN
        RAISE EXCEPTION 'A delegation holds more places than it would have.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'delegation_keeps_its_quota';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER category_keeps_quotas
    AFTER UPDATE OF table_places, behind_places, observer_places ON registrations_delegationcategory
    FOR EACH STATEMENT EXECUTE FUNCTION registrations_check_quotas();
CREATE TRIGGER share_keeps_quotas
    AFTER INSERT OR UPDATE OR DELETE ON registrations_seatingshare
    FOR EACH STATEMENT EXECUTE FUNCTION registrations_check_quotas();
CREATE TRIGGER delegation_keeps_quotas
    AFTER UPDATE OF category_id ON registrations_delegation
    FOR EACH STATEMENT EXECUTE FUNCTION registrations_check_quotas();

-- A delegation is never larger than its category allows. The lock makes two newcomers wait for each other.
CREATE FUNCTION registrations_check_size() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    allowed integer;
    members integer;
BEGIN
    IF NEW.state IN ('declined', 'withdrawn') THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.delegation_id = NEW.delegation_id AND OLD.state NOT IN ('declined', 'withdrawn') THEN
        RETURN NULL;  -- was a member before
    END IF;
    PERFORM FROM registrations_delegation WHERE id = NEW.delegation_id FOR NO KEY UPDATE;
    SELECT c.size INTO allowed FROM registrations_delegation d
    JOIN registrations_delegationcategory c ON c.id = d.category_id WHERE d.id = NEW.delegation_id;
    IF allowed IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT count(*) INTO members FROM registrations_delegate
    WHERE delegation_id = NEW.delegation_id AND state NOT IN ('declined', 'withdrawn');
    IF members > allowed THEN
        RAISE EXCEPTION 'The delegation has all % delegates it may have.', allowed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'delegation_keeps_its_size';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER delegate_keeps_size
    AFTER INSERT OR UPDATE OF state, delegation_id ON registrations_delegate
    FOR EACH ROW EXECUTE FUNCTION registrations_check_size();

ALTER TABLE registrations_registration ADD CONSTRAINT reserved_within_the_delegation
    FOREIGN KEY (reserved_for_id, delegation_id)
    REFERENCES registrations_delegate (id, delegation_id) DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    """Observers' seats, several exceptions of one place, rules that change, and the size of delegations."""

    dependencies = [("registrations", "0004_rules_of_delegations")]

    operations = [migrations.RunSQL(LIMITS)]
