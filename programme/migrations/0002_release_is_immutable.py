from django.db import migrations

FORBID = """
CREATE FUNCTION programme_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A release is never changed and never deleted; withdraw it instead.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER programme_release_is_immutable
    BEFORE UPDATE OR DELETE ON programme_release
    FOR EACH ROW EXECUTE FUNCTION programme_refuse_change();
"""
ALLOW = """
DROP TRIGGER programme_release_is_immutable ON programme_release;
DROP FUNCTION programme_refuse_change();
"""


class Migration(migrations.Migration):
    """No hand and no program changes what has been published."""

    dependencies = [("programme", "0001_initial")]

    operations = [migrations.RunSQL(FORBID, ALLOW)]
