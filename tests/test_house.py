"""Tests about the code itself."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.checks import Tags, run_checks
from django.db import models
from django.template import engines

ROOMS = ["people", "schedule", "themes", "roundtables", "workshops", "programme", "registrations", "documents"]
TEMPLATES = Path(settings.BASE_DIR, "templates")
# Found by name by Django, allauth or import-export, not by us
FOUND_BY_OTHERS = re.compile(r"^(\d{3}\w*\.html|account/|allauth/|django/|admin/)")
# What goes when the row it hangs on goes, because it means nothing alone. Everything else is protected.
GOES_ALONG = {
    "documents.Document.requested_by: SET_NULL",
    "documents.LetterReference.delegate: SET_NULL",
    "documents.PrintRun.requested_by: SET_NULL",
    "documents.PrintRunItem.document: SET_NULL",
    "documents.Reading.release",
    "people.BrowserSession.account",
    "people.User.person: SET_NULL",
    "programme.ForumAddress.forum",
    "programme.NodeAddress.forum",
    "programme.PublishedSession.forum",
    "programme.SearchEntry.forum",
    "registrations.AccreditationChange.delegate",
    "registrations.DistinctPersons.first",
    "registrations.DistinctPersons.second",
    "registrations.ErasureRequest.asked_by: SET_NULL",
    "registrations.ErasureRequest.done_by: SET_NULL",
    "registrations.FocalPoint.delegation",
    "registrations.FocalPoint.user",
    "registrations.Invitation.accepted_by: SET_NULL",
    "registrations.Invitation.invited_by: SET_NULL",
    "registrations.Letter.uploaded_by: SET_NULL",
    "registrations.Registration.attended_by: SET_NULL",
    "registrations.Registration.released_by: SET_NULL",
    "registrations.Registration.reserved_for: SET_NULL",
    "registrations.Registration.requested_by: SET_NULL",
    "registrations.ReleaseCursor.forum",
    "registrations.SeatingShare.seating",
    "roundtables.ExpectedOutcome.roundtable",
    "roundtables.GuidingQuestion.roundtable",
    "schedule.BackgroundPaper.session",
    "schedule.ForumChair.forum",
    "schedule.Role.session",
}


def sources() -> str:
    files = [path for room in ROOMS for path in Path(settings.BASE_DIR, room).rglob("*.py")]
    files += list(TEMPLATES.rglob("*.html")) + list(TEMPLATES.rglob("*.txt"))
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def test_every_template_is_used():
    """By its name, by its stem (kinds of print), or by that of the function that sends the mail."""
    text = sources()
    names = [path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*") if path.is_file()]

    assert [
        name
        for name in names
        if not FOUND_BY_OTHERS.match(name) and name not in text and Path(name).stem.removesuffix("_subject") not in text
    ] == []


def test_every_template_can_be_read():
    for path in TEMPLATES.rglob("*.html"):
        engines["django"].get_template(path.relative_to(TEMPLATES).as_posix())


def test_administration_is_sound():
    """`manage.py check` may look before the addresses have registered anything."""
    admin.autodiscover()
    assert run_checks(tags=[Tags.admin]) == []


def test_what_goes_along_is_listed():
    found = set()
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            for field in model._meta.local_fields:
                if not isinstance(field, models.ForeignKey) or getattr(field.remote_field, "parent_link", False):
                    continue
                rule = field.remote_field.on_delete
                name = f"{model._meta.app_label}.{model.__name__}.{field.name}"
                if rule is models.CASCADE:
                    found.add(name)
                elif rule is not models.PROTECT:
                    found.add(f"{name}: {rule.__name__}")

    assert found == GOES_ALONG


@pytest.mark.parametrize("pattern", [r"\bmark_safe\(", r"\|safe\b", r"autoescape off"])
def test_nothing_is_declared_safe(pattern):
    python = [path for room in ROOMS for path in Path(settings.BASE_DIR, room).rglob("*.py")]
    files = [*python, *TEMPLATES.rglob("*.html")]  # mails in plain text have nothing to escape

    assert [path.name for path in files if re.search(pattern, path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("pattern", [r"<style\b", r"<script>", r"\bstyle=\"", r"\bon(click|load|change)=\""])
def test_pages_have_no_inline_style_or_script(pattern):
    prints, mail = TEMPLATES / "documents" / "print", TEMPLATES / "people" / "mail" / "_base.html"
    pages = [path for path in TEMPLATES.rglob("*.html") if prints not in path.parents and path != mail]

    assert [path.name for path in pages if re.search(pattern, path.read_text(encoding="utf-8"))] == []
