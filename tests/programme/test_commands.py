import pytest
from django.core.management import CommandError, call_command

from programme.models import Release, SearchEntry
from programme.services import Problem
from roundtables.models import GuidingQuestion
from schedule.models import Forum


def test_publish_makes_the_next_release_with_its_note(published, capsys):
    GuidingQuestion.objects.filter(position=1).update(text_en="Another question?")

    call_command("publish", "--note", "Room of 3.1")

    assert Release.objects.get(number=2).note == "Room of 3.1"
    assert "Release 2" in capsys.readouterr().out


def test_publish_without_changes_says_so_and_makes_none(published, capsys):
    call_command("publish", "--note", "Nothing")

    assert "Nothing has changed" in capsys.readouterr().out
    assert Release.objects.count() == 1


def test_publish_that_is_refused_is_an_error(published, settings):
    GuidingQuestion.objects.filter(position=1).update(text_en="Another question?")
    settings.PUBLISH_CHECKS = [f"{__name__}.refuse"]

    with pytest.raises(CommandError, match="Not yet"):
        call_command("publish")


def refuse(forum, programme):
    return [Problem("Not yet.", blocking=True)]


def test_publish_without_a_forum_is_one_clear_line(db):
    with pytest.raises(CommandError, match="No forum is the current one"):
        call_command("publish")


def test_publish_takes_the_forum_that_is_named(published):
    Forum.objects.update(is_current=False)
    GuidingQuestion.objects.filter(position=1).update(text_en="Another question?")

    call_command("publish", "--forum", "marrakesh-2018")

    assert Release.objects.count() == 2


def test_migrating_writes_out_what_a_new_table_does_not_have_yet(published):
    SearchEntry.objects.all().delete()

    call_command("migrate", verbosity=0)

    assert SearchEntry.objects.exists()
