"""Sessions move over from the table of Django, which stays: `clearsessions` comes with it."""

from django.db import migrations

MOVE = """
    INSERT INTO {to} (session_key, session_data, expire_date)
    SELECT session_key, session_data, expire_date FROM {whence} WHERE expire_date > now();
    DELETE FROM {whence};
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0009_browser_sessions"), ("sessions", "0001_initial")]

    operations = [
        migrations.RunSQL(
            MOVE.format(whence="django_session", to="people_browsersession"),
            MOVE.format(whence="people_browsersession", to="django_session"),
        ),
    ]
