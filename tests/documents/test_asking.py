"""Prints are asked for: many at once, from the lists of the administration, by the command, by focal points."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from documents import asking
from documents.asking import Wanted, request_documents
from documents.models import Document
from programme import releases
from registrations.models import FocalPoint
from schedule.models import Session
from tests.registrations import scene

from .conftest import client_of
from .test_views import LIST, pack_of

ASK = f"{LIST}ask/"
NOTES = f"{ASK}?kind=concept_note"
PACKS = f"{ASK}?kind=participant_pack"
PAPER = {"sheet": "a4", "ink": "colour"}


def asked() -> set[tuple[str, str]]:
    return set(Document.objects.values_list("subject", "language"))


def test_many_are_asked_for_in_one_act(staff, desk, slugs):
    chosen = [slugs["1.1"], slugs["2.2"]]
    form = {"subject": chosen, "language": ["fr", "ar"], "sheet": "a4", "ink": "black"}
    answer = staff.post(NOTES, form, follow=True)

    assert asked() == {(subject, language) for subject in chosen for language in ("fr", "ar")}
    assert set(Document.objects.values_list("ink", "requested_by")) == {("black", desk.staff.pk)}
    page = answer.content.decode()
    assert "4 prints are being made." in page
    assert "GFMD/2018/RT.2.2/1" in page
    assert "Black and white" in page

    again = staff.post(NOTES, {**form, "language": "fr"}, follow=True)
    assert "2 prints are being made." in again.content.decode()
    assert Document.objects.count() == 4


def test_all_of_a_theme_or_a_day_are_asked_for_without_ticking_them(staff, desk, slugs):
    page = staff.get(f"{NOTES}&theme=2").content.decode()
    assert len(re.findall('name="subject" value=', page)) == 2

    staff.post(f"{NOTES}&theme=2", {"all": "1", "language": "en", **PAPER})
    assert asked() == {(slugs["2.1"], "en"), (slugs["2.2"], "en")}

    staff.post(f"{NOTES}&day=2018-12-06", {"all": "1", "language": "es", **PAPER})
    of_the_day = {subject for subject, language in asked() if language == "es"}
    assert of_the_day > set(slugs.values())
    assert "labour-migration" not in of_the_day  # a workshop of another month


def test_form_refuses_what_is_not_offered_and_nothing_at_all(staff, desk):
    page = staff.post(NOTES, {"subject": "nothing", "language": "de", "sheet": "a6", "ink": "green"})
    assert set(page.context["form"].errors) == {"subject", "language", "sheet", "ink"}
    page = staff.post(NOTES, {"language": "en", **PAPER})
    assert page.context["form"].errors["subject"] == ["Tick at least one, or ask for all."]
    assert not Document.objects.exists()


def test_one_that_cannot_be_made_is_reported_and_keeps_no_other_waiting(desk, slugs):
    wanted = [
        Wanted("concept_note", slugs["1.1"], "en"),
        Wanted("concept_note", "nothing", "en"),
        Wanted("concept_note", slugs["1.2"], "en", sheet="a3"),
        Wanted("participant_pack", str(desk.kofi.uuid), "fr"),
        Wanted("visa_letter", str(desk.kofi.uuid), "en"),
        Wanted("no_such_kind", "", "en"),
    ]

    done = request_documents(wanted=wanted, by=desk.staff)

    assert [row.subject for row in done.documents] == [slugs["1.1"], str(desk.kofi.uuid), str(desk.kofi.uuid)]
    assert {(one.subject, why) for one, why in done.refused} == {
        ("nothing", "There is no such session or day in the programme."),
        (slugs["1.2"], "This is not printed on such a sheet."),
        ("", "There is no such print."),
    }


def test_too_many_are_refused_with_a_sentence(staff, desk, slugs, monkeypatch):
    monkeypatch.setattr(asking, "MOST", 5)

    page = staff.post(NOTES, {"all": "1", "language": "en", **PAPER})

    assert "5 can be asked for at once" in page.content.decode()
    assert not Document.objects.exists()


def test_persons_are_found_by_part_of_a_name_in_either_script_or_party(staff, desk):
    desk.kofi.person.arabic_name = "كوفي منساه"
    desk.kofi.person.save()

    for typed, found in (("Mens", [desk.kofi]), ("منسا", [desk.kofi]), ("kenya", [desk.wanjiru]), ("Nobody", [])):
        page = staff.get(PACKS, {"q": typed, "kind": "participant_pack"})
        assert [subject.key for subject in page.context["subjects"]] == [str(one.uuid) for one in found], typed


def test_delegates_that_match_stand_in_the_order_of_the_language(staff, desk):
    for name in ("Nzau", "Ñuñez"):
        scene.make_delegate(desk.kofi.delegation, name)

    offered = {}
    for language in ("en", "es"):
        page = staff.get(f"/{language}/documents/ask/?kind=participant_pack&q=z").content.decode()
        offered[language] = re.findall(r"(\w+), Ghana\s*</label>", page)

    assert offered == {"en": ["Ñuñez", "Nzau"], "es": ["Nzau", "Ñuñez"]}


def test_drafts_are_offered_to_those_who_edit(staff, desk, slugs):
    desk.reword("1.1", 1, "A question that is being edited")
    staff.post(NOTES, {"subject": slugs["1.1"], "language": "en", "draft": "draft", **PAPER})

    assert Document.objects.get().is_draft
    assert "Draft" in staff.get(LIST).content.decode()


def test_delegate_asks_for_the_own_pack_and_for_nobody_elses(wanjiru, desk):
    page = wanjiru.get(LIST)
    assert [holder.name for holder in page.context["holders"]] == ["Mfano, Kenya"]

    form = {"language": "en", **PAPER}
    wanjiru.post(f"{PACKS}&subject={desk.kofi.uuid}", {"subject": str(desk.kofi.uuid), **form})
    wanjiru.post(PACKS, {"all": "1", **form})
    wanjiru.post(NOTES, {"all": "1", **form})
    assert asked() == {(str(desk.wanjiru.uuid), "en")}
    assert "Next in line" in wanjiru.get(LIST).content.decode()


def test_focal_point_reads_what_each_delegate_can_have(desk, django_assert_num_queries, django_assert_max_num_queries):
    user = desk.account(desk.kofi)
    FocalPoint.objects.create(delegation=desk.kofi.delegation, user=user)
    client = client_of(user)
    others = [scene.make_delegate(desk.kofi.delegation, name) for name in ("Abebe", "Adjei")]
    pack_of(desk, desk.kofi)
    client.get(LIST)
    releases.shelf.clear()
    with django_assert_max_num_queries(30) as few:
        page = client.get(LIST).content.decode()
    assert "Mensah, Ghana" in page
    assert "Mfano" not in page

    for other in others:
        pack_of(desk, other)
    releases.shelf.clear()
    with django_assert_num_queries(len(few)):
        page = client.get(LIST)
    assert {holder.name for holder in page.context["holders"]} >= {"Mensah, Ghana", "Abebe, Ghana", "Adjei, Ghana"}


def test_command_builds_what_it_is_told_and_says_where(desk, slugs, capsys):
    desk.reword("1.1", 1, "A question that is being edited")
    line = "documents build --kind concept_note --subject {} --language en --language fr --ink black --draft"
    call_command(*line.format(slugs["1.1"]).split())

    found = capsys.readouterr().out.splitlines()
    assert [text.rpartition(": ")[2].startswith("documents/") for text in found] == [True, True]
    assert set(Document.objects.values_list("language", "ink", "is_draft", "state")) == {
        (language, "black", True, "ready") for language in ("en", "fr")
    }
    with pytest.raises(CommandError, match="2 failed"):
        call_command(*["documents", "build", "--kind", "concept_note", "--subject", "nothing", "--subject", "neither"])
    assert "There is no such session" in capsys.readouterr().err


def test_command_builds_all_that_there_are(desk):
    call_command(*["documents", "build", "--kind", "participant_pack"])

    assert set(Document.objects.filter(kind="participant_pack").values_list("audience", flat=True)) == {
        desk.kofi.uuid,
        desk.wanjiru.uuid,
    }


def test_lists_of_the_administration_take_what_is_ticked_to_the_desk(staff, desk, slugs):
    roundtable = desk.roundtable("2.1")

    def act(name, kind, *rows):
        data = {"action": f"print_{kind}", "_selected_action": [row.pk for row in rows]}
        answer = staff.post(reverse(f"admin:{name}_changelist"), data)
        return staff.get(answer["Location"])

    for page in (
        act("roundtables_roundtable", "concept_note", roundtable),
        act("schedule_session", "concept_note", roundtable, Session.objects.get(slug="opening")),
    ):
        assert [subject.key for subject in page.context["subjects"]] == [slugs["2.1"]]
    packs = {str(desk.kofi.uuid), str(desk.wanjiru.uuid)}
    page = act("registrations_delegate", "participant_pack", desk.kofi, desk.wanjiru)
    assert {subject.key for subject in page.context["subjects"]} == packs
    assert page.context["form"]["subject"].initial is not None
    page = act("registrations_delegation", "participant_pack", desk.kofi.delegation)
    assert [subject.key for subject in page.context["subjects"]] == [str(desk.kofi.uuid)]
    room = act("schedule_room", "agenda_of_room", roundtable.room)
    assert [subject.key for subject in room.context["subjects"]] == [f"{roundtable.venue.slug}/{roundtable.room.slug}"]
