from django.db import migrations

FORBID = """
CREATE FUNCTION documents_run_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- TG_ARGV[0] names the column that may become empty when what it points at is erased
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) ->> TG_ARGV[0] IS NULL
        AND to_jsonb(NEW) - TG_ARGV[0] = to_jsonb(OLD) - TG_ARGV[0] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A print run is never altered and never deleted; make a supplement or another run.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER documents_run_is_kept BEFORE UPDATE OR DELETE ON documents_printrun
    FOR EACH ROW EXECUTE FUNCTION documents_run_is_kept('requested_by_id');
CREATE TRIGGER documents_run_item_is_kept BEFORE UPDATE OR DELETE ON documents_printrunitem
    FOR EACH ROW EXECUTE FUNCTION documents_run_is_kept('document_id');
"""
ALLOW = """
DROP TRIGGER documents_run_item_is_kept ON documents_printrunitem;
DROP TRIGGER documents_run_is_kept ON documents_printrun;
DROP FUNCTION documents_run_is_kept();
"""


class Migration(migrations.Migration):
    """What lies printed is in the order that the run says."""

    dependencies = [("documents", "0009_print_runs")]

    operations = [migrations.RunSQL(FORBID, ALLOW)]
