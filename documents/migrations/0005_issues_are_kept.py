from django.db import migrations

FORBID = """
CREATE FUNCTION documents_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'An issued paper is never changed and never deleted; issue it anew instead.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER documents_issue_is_immutable
    BEFORE UPDATE OR DELETE ON documents_issue
    FOR EACH ROW EXECUTE FUNCTION documents_refuse_change();
CREATE TRIGGER documents_issued_document_stays
    BEFORE DELETE ON documents_document
    FOR EACH ROW WHEN (OLD.issue_id IS NOT NULL) EXECUTE FUNCTION documents_refuse_change();
CREATE TRIGGER documents_issued_document_is_immutable
    BEFORE UPDATE ON documents_document
    FOR EACH ROW WHEN (
        OLD.issue_id IS NOT NULL AND (
            (OLD.issue_id, OLD.symbol, OLD.extract, OLD.digest)
                IS DISTINCT FROM (NEW.issue_id, NEW.symbol, NEW.extract, NEW.digest)
            OR OLD.state = 'ready' AND (OLD.state, OLD.file) IS DISTINCT FROM (NEW.state, NEW.file)
        )
    ) EXECUTE FUNCTION documents_refuse_change();
"""
ALLOW = """
DROP TRIGGER documents_issued_document_is_immutable ON documents_document;
DROP TRIGGER documents_issued_document_stays ON documents_document;
DROP TRIGGER documents_issue_is_immutable ON documents_issue;
DROP FUNCTION documents_refuse_change();
"""


class Migration(migrations.Migration):
    """No hand and no program changes what has been issued."""

    dependencies = [("documents", "0004_issues")]

    operations = [migrations.RunSQL(FORBID, ALLOW)]
