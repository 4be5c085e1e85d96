"""What is held for one forum only goes once it is over for long enough."""

from contextlib import contextmanager
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import connection
from post_office.models import STATUS, Email

from documents.models import Document
from people.models import Person
from registrations import retention
from registrations.models import AccreditationChange, Delegate, Invitation, Letter, Registration
from registrations.services.photographs import keep_photograph
from schedule.models import Forum
from tests.registrations import scene

BEFORE = {
    "needs": 2,
    "photographs": 2,
    "reasons of decisions": 2,
    "letters": 2,
    "addresses of invitations": 2,
    "texts of mails": 1,
    "prints": 2,
    "prints for others": 0,
    "lists": 0,
}


@pytest.fixture
def past(full):
    """The forum of 2018 with all that can be held; one mail of it was sent."""
    Email.objects.all().delete()
    for address in ("wanjiru@example.org", "kofi@example.org"):
        EmailMessage("A place", "Dear delegate", to=[address]).send()
    first = Email.objects.order_by("pk").first()
    Email.objects.filter(pk=first.pk).update(status=STATUS.sent, created=scene.NOW)
    return full


@contextmanager
def reads_only():
    def guard(execute, sql, params, many, context):
        assert sql.split()[0].upper() in {"SELECT", "SAVEPOINT", "RELEASE"}, sql
        return execute(sql, params, many, context)

    with connection.execute_wrapper(guard):
        yield


def run(*arguments) -> str:
    out = StringIO()
    call_command("retention", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("arguments", [[], ["marrakesh-2018"], ["--dry-run", "--apply"]])
def test_it_has_to_be_said_whether_anything_is_erased(past, arguments):
    with pytest.raises(CommandError):
        run(*arguments)


def test_dry_run_counts_and_writes_nothing(past):
    with reads_only():
        said = run("marrakesh-2018", "--dry-run")

    assert retention.count(past.forum) == BEFORE
    for name, rows in BEFORE.items():
        assert f"  {name:<26}{rows:>7}\n" in said
    assert "Nothing was changed." in said


def test_the_guard_of_this_test_would_notice(past):
    with pytest.raises(AssertionError), reads_only():
        Delegate.objects.update(function="")


def test_apply_erases_what_each_rule_names(past, django_capture_on_commit_callbacks):
    photograph = Person.objects.get(pk=past.wanjiru.person_id).photograph.name
    letter = Letter.objects.first()
    letter.file.save("letter.pdf", ContentFile(b"%PDF-"))

    with django_capture_on_commit_callbacks(execute=True):
        said = run("marrakesh-2018", "--apply")

    assert "Erased." in said
    assert not Delegate.objects.filter(delegation__forum=past.forum).exclude(needs="").exists()
    assert not Person.objects.exclude(photograph="").exists()
    assert not default_storage.exists(photograph)
    assert not Letter.objects.exists()
    assert not default_storage.exists(letter.file.name)
    assert not AccreditationChange.objects.exclude(reason="").exists()
    assert set(Invitation.objects.values_list("email", flat=True)) == {""}
    assert not Invitation.objects.pending().exists()
    assert not Document.objects.exists()
    assert Email.objects.get(status=STATUS.sent).message == ""
    assert Email.objects.get(status=STATUS.sent).subject == "A place"
    assert Email.objects.get(status=STATUS.queued).message == "Dear delegate"


def test_names_and_places_stay(past):
    places = Registration.objects.count()

    run("--apply")

    assert str(Person.objects.get(pk=past.wanjiru.person_id)) == "Mfano"
    assert Registration.objects.count() == places


def test_twice_is_once(past):
    run("--apply")

    assert set(retention.apply(past.forum).values()) == {0}
    assert set(retention.count(past.forum).values()) == {0}


def test_what_is_held_for_another_forum_stays(past):
    Forum.objects.filter(pk=past.other_forum.pk).update(starts_on="2999-06-01", ends_on="2999-06-03")
    Delegate.objects.filter(pk=past.stranger.pk).update(person=past.wanjiru.person)
    member = Delegate.objects.get(pk=past.stranger.pk)
    member.needs = "Step-free way"
    member.save()

    run("--apply")

    assert Delegate.objects.get(pk=member.pk).needs == "Step-free way"
    assert [person.pk for person in Person.objects.exclude(photograph="")] == [past.wanjiru.person_id]


def test_photograph_of_another_forum_alone_stays(past):
    Forum.objects.filter(pk=past.other_forum.pk).update(starts_on="2999-06-01", ends_on="2999-06-03")
    keep_photograph(person=past.stranger.person, picture=b"picture")

    run("--apply")

    assert Person.objects.get(pk=past.stranger.person_id).photograph


@pytest.mark.parametrize(
    ("now", "due"),
    [(datetime(2019, 6, 5, 23, 59, tzinfo=UTC), False), (datetime(2019, 6, 6, tzinfo=UTC), True)],
)
def test_time_comes_180_days_after_the_last_day_where_the_forum_was(summit, now, due):
    assert retention.is_due(summit.forum, now) is due


def test_forum_whose_time_has_not_come_is_refused(past, settings):
    settings.RETENTION_DAYS = 365 * 500

    with pytest.raises(CommandError, match="what is held for it stays until 2518"):
        run("marrakesh-2018", "--apply")

    assert "Erased" in run("--apply")
    assert retention.count(past.forum) == BEFORE


def test_unknown_forum_is_refused(db):
    with pytest.raises(CommandError, match="no forum “atlantis”"):
        run("atlantis", "--dry-run")
