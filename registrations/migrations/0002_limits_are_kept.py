from django.db import migrations

FORBID = """
CREATE FUNCTION registrations_check_limits() RETURNS trigger LANGUAGE plpgsql AS $$
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

    allowed := CASE NEW.place WHEN 'table' THEN seating.table_seats - seating.held_back ELSE seating.behind_seats END;
    SELECT count(*) INTO taken
    FROM registrations_registration r LEFT JOIN registrations_seatexception e ON e.registration_id = r.id
    WHERE r.seating_id = NEW.seating_id AND r.place = NEW.place AND r.status = 'confirmed'
        AND e.beyond_seats IS NOT TRUE;
    IF taken > allowed THEN
        RAISE EXCEPTION 'All % seats are taken.', allowed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'seating_is_never_oversold';
    END IF;

    SELECT CASE NEW.place
               WHEN 'table' THEN coalesce(s.table_places, c.table_places)
               ELSE coalesce(s.behind_places, c.behind_places)
           END INTO allowed
    FROM registrations_delegation d
    JOIN registrations_delegationcategory c ON c.id = d.category_id
    LEFT JOIN registrations_seatingshare s ON s.category_id = c.id AND s.seating_id = NEW.seating_id
    WHERE d.id = NEW.delegation_id;
    SELECT count(*) INTO taken
    FROM registrations_registration r LEFT JOIN registrations_seatexception e ON e.registration_id = r.id
    WHERE r.seating_id = NEW.seating_id AND r.place = NEW.place AND r.status = 'confirmed'
        AND r.delegation_id = NEW.delegation_id AND e.beyond_quota IS NOT TRUE;
    IF taken > allowed THEN
        RAISE EXCEPTION 'The delegation holds all % places it may have.', allowed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'delegation_keeps_its_quota';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER registration_keeps_limits
    AFTER INSERT OR UPDATE OF status, place, seating_id, delegation_id ON registrations_registration
    FOR EACH ROW EXECUTE FUNCTION registrations_check_limits();

CREATE FUNCTION registrations_check_lowered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM registrations_registration r LEFT JOIN registrations_seatexception e ON e.registration_id = r.id
        WHERE r.seating_id = NEW.id AND r.status = 'confirmed' AND e.beyond_seats IS NOT TRUE
        GROUP BY r.place
        HAVING count(*) > CASE r.place WHEN 'table' THEN NEW.table_seats - NEW.held_back ELSE NEW.behind_seats END
    ) THEN
        RAISE EXCEPTION 'More places are confirmed than would be left.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'seating_is_never_oversold';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER seating_keeps_what_is_confirmed
    AFTER UPDATE OF table_seats, behind_seats, held_back ON registrations_seating
    FOR EACH ROW EXECUTE FUNCTION registrations_check_lowered();

CREATE FUNCTION registrations_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'What was granted or decided stays on record.' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER seat_exception_stays
    BEFORE UPDATE OR DELETE ON registrations_seatexception
    FOR EACH ROW EXECUTE FUNCTION registrations_refuse_change();

-- The person and delegation that a row repeats are those of its delegate.
ALTER TABLE registrations_registration ADD CONSTRAINT registration_repeats_its_delegate
    FOREIGN KEY (delegate_id, delegation_id, person_id)
    REFERENCES registrations_delegate (id, delegation_id, person_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE registrations_delegationhead ADD CONSTRAINT head_is_of_the_delegation
    FOREIGN KEY (delegate_id, delegation_id)
    REFERENCES registrations_delegate (id, delegation_id) DEFERRABLE INITIALLY DEFERRED;
"""
ALLOW = """
ALTER TABLE registrations_delegationhead DROP CONSTRAINT head_is_of_the_delegation;
ALTER TABLE registrations_registration DROP CONSTRAINT registration_repeats_its_delegate;
DROP TRIGGER seat_exception_stays ON registrations_seatexception;
DROP FUNCTION registrations_refuse_change();
DROP TRIGGER seating_keeps_what_is_confirmed ON registrations_seating;
DROP FUNCTION registrations_check_lowered();
DROP TRIGGER registration_keeps_limits ON registrations_registration;
DROP FUNCTION registrations_check_limits();
"""


class Migration(migrations.Migration):
    """No seat is sold twice and no delegation passes its quota, whichever way the rows are written."""

    dependencies = [("registrations", "0001_initial")]

    operations = [migrations.RunSQL(FORBID, ALLOW)]
