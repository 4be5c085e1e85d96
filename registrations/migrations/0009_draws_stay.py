from django.db import migrations

FORBID = """
CREATE FUNCTION registrations_draw_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A draw of the letter is never changed and never deleted; draw again with a reason instead.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER registrations_draw_stays
    BEFORE UPDATE OR DELETE ON registrations_letterdraw
    FOR EACH ROW EXECUTE FUNCTION registrations_draw_stays();
"""
ALLOW = """
DROP TRIGGER registrations_draw_stays ON registrations_letterdraw;
DROP FUNCTION registrations_draw_stays();
"""


class Migration(migrations.Migration):
    """What the lot decided is on record."""

    dependencies = [("registrations", "0008_order_at_the_table")]

    operations = [migrations.RunSQL(FORBID, ALLOW)]
