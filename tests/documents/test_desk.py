"""The print desk: what the day needs, and what is found, downloaded and rebuilt there."""

import io
import re
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from documents import archive, building, needs, services
from documents.models import Document
from people.models import Person
from programme import releases
from schedule.services import exchange_rooms
from tests.registrations import scene

from .test_views import LIST, pack_of, ready

PACKS = f"{LIST}ask/?kind=participant_pack"


ASKED_AT = datetime(2018, 12, 5, 8, tzinfo=UTC)


@pytest.fixture
def prints(desk, slugs):
    desk.kofi.person.arabic_name = "كوفي منساه"
    desk.kofi.person.save()
    note = ready(desk.staff, subject=slugs["2.1"])
    french = services.request_document(kind="concept_note", subject=slugs["2.2"], language="fr", by=desk.staff)
    pack = services.request_document(kind="participant_pack", subject=str(desk.kofi.uuid), language="en", by=desk.staff)
    agenda = services.request_document(kind="agenda", subject="", language="en", by=desk.staff)
    return {"note": note, "french": french, "pack": pack, "agenda": agenda}


def test_each_row_leads_to_the_page_of_its_print(staff, prints):
    page = staff.get(LIST).content.decode()

    for row in prints.values():
        assert f'<a href="{row.get_absolute_url()}">Details' in page


def test_search_finds_by_symbol_session_person_party_and_kind(staff, desk, prints):
    def found(**query):
        rows = {standing.document.pk for standing in staff.get(LIST, query).context["standings"]}
        return {name for name, row in prints.items() if row.pk in rows}

    assert found(q="RT.2.1") == {"note"}
    assert found(q="2.2") == {"french"}
    assert found(q="south-south") == found(q="sud-sud") == {"note"}
    assert found(q="mens ghan") == {"pack"}
    assert found(q="منساه") == {"pack"}
    assert found(q="Kenya") == set()
    assert found(q="organization days") == {"agenda"}
    assert found(kind="concept_note") == {"note", "french"}
    assert found(language="fr") == {"french"}
    assert found(state="ready") == {"note"}
    assert found(state="queued", kind="participant_pack") == {"pack"}
    assert found(today="on") == set(prints)
    assert found(state="nonsense", since="yesterday", kind="none") == set(prints)

    Document.objects.filter(pk=prints["pack"].pk).update(queued_at=timezone.now() - timezone.timedelta(days=2))
    assert found(today="on") == {"note", "french", "agenda"}


def test_what_changed_since_an_hour_is_what_shows_something_else(staff, desk, slugs, prints):
    first = ready(desk.staff, subject=slugs["1.1"])
    desk.reword("2.1", 3, "What sets South-South mobility apart?")
    second = desk.publish()
    new = ready(desk.staff, subject=slugs["2.1"])
    since = timezone.localtime(second.created_at, desk.forum.zone).strftime("%Y-%m-%dT%H:%M:%S.%f")

    page = staff.get(LIST, {"since": since})

    assert [standing.document.pk for standing in page.context["standings"]] == [new.pk]
    assert first.pk not in {standing.document.pk for standing in page.context["standings"]}


def test_desk_takes_as_many_queries_for_many_as_for_one(
    staff,
    desk,
    slugs,
    django_assert_max_num_queries,
    django_assert_num_queries,
):
    def ask(kind, subject):
        services.request_document(kind=kind, subject=subject, language="en", by=desk.staff)

    ask("concept_note", slugs["1.1"])
    ask("agenda_of_day", "2018-12-06")
    ask("participant_pack", str(desk.wanjiru.uuid))
    pages = (f"{LIST}?day=2018-12-06", f"{LIST}?q=e", f"{PACKS}&q=e")
    few = {}
    for path in pages:
        staff.get(path)
        releases.shelf.clear()
        with django_assert_max_num_queries(30) as found:
            staff.get(path)
        few[path] = len(found)
    for subject in slugs.values():
        ask("concept_note", subject)
    for day in ("2018-12-05", "2018-12-07"):
        ask("agenda_of_day", day)
    ask("participant_pack", str(desk.kofi.uuid))
    for path in pages:
        releases.shelf.clear()
        with django_assert_num_queries(few[path]):
            staff.get(path)


def test_list_goes_on_on_a_second_page_of_the_same_search(staff, desk, slugs):
    for language in ("en", "fr", "es", "ar"):
        for subject in (*slugs.values(), "migration-and-agenda-2030"):
            services.request_document(kind="concept_note", subject=subject, language=language, by=desk.staff)

    first = staff.get(f"{LIST}?kind=concept_note")
    [address] = re.findall(r'rel="next" href="([^"]*)"', first.content.decode())
    assert len(first.context["standings"]) == 25
    assert len(staff.get(LIST + address.replace("&amp;", "&")).context["standings"]) == 3


def finish(rows, after):
    """The next of `rows` are made so many seconds after the first was asked for."""
    for seconds in after:
        row = next(rows)
        Document.objects.filter(pk=row.pk).update(
            state="ready", finished_at=ASKED_AT + timedelta(seconds=seconds), file="a.pdf", sha256="0", size=1, pages=1
        )


@pytest.fixture
def queue(desk, slugs):
    """24 concept notes that wait, in their order."""
    for subject in list(slugs.values())[:6]:
        for language in ("en", "fr", "es", "ar"):
            services.request_document(kind="concept_note", subject=subject, language=language, by=desk.staff)
    Document.objects.update(queued_at=ASKED_AT)
    return iter(Document.objects.order_by("pk"))


def test_long_prints_that_come_first_say_nothing_of_the_many_short_ones_behind_them(staff, queue):
    path = reverse("documents:queue")
    assert "24 wait.</p>" in staff.get(path).content.decode()

    finish(queue, [240, 480, 720])
    assert "21 wait.</p>" in staff.get(path).content.decode()

    finish(queue, [722, 724, 726])
    assert "18 wait. About 1 minute left.</p>" in staff.get(path).content.decode()


def test_long_prints_of_one_kind_say_nothing_of_another(staff, queue):
    finish(queue, [240 * n for n in range(1, 8)])
    Document.objects.ready().update(kind="concept_paper")
    path = reverse("documents:queue")
    assert "17 wait.</p>" in staff.get(path).content.decode()

    finish(queue, [1690 + 10 * n for n in range(5)])
    assert "12 wait. About 2 minutes left.</p>" in staff.get(path).content.decode()

    Document.objects.queued().filter(language="en").update(kind="concept_paper")
    assert "12 wait. About 15 minutes left.</p>" in staff.get(path).content.decode()


def test_a_print_was_not_being_made_before_it_was_asked_for(staff, queue):
    finish(queue, [n * 3600 for n in range(6)])
    for row in Document.objects.ready():
        Document.objects.filter(pk=row.pk).update(queued_at=row.finished_at - timedelta(seconds=20))

    assert "18 wait. About 6 minutes left.</p>" in staff.get(reverse("documents:queue")).content.decode()


def test_day_to_prepare_is_today_else_the_next_else_the_first(published):
    programme = releases.read(published).programme

    assert needs.day_to_prepare(programme, date(2018, 12, 6)) == date(2018, 12, 6)
    assert needs.day_to_prepare(programme, date(2018, 11, 1)) == programme.days[0]
    assert needs.day_to_prepare(programme, date(2020, 1, 1)) == programme.days[0]


def test_day_needs_its_papers_and_what_changed_is_rebuilt_in_one_act(staff, desk):
    path = f"{LIST}?day=2018-12-06"
    assert "Make 1" in staff.get(path).content.decode()
    answer = staff.post(f"{reverse('documents:prepare')}?day=2018-12-06", {"kind": "agenda_of_day", "language": "fr"})
    assert answer["Location"] == f"{LIST}?day=2018-12-06"
    row = Document.objects.get(kind="agenda_of_day", subject="2018-12-06", language="fr")
    assert "1 being made" in staff.get(path).content.decode()
    building.build(str(row.uuid))
    assert "1 ready" in staff.get(path).content.decode()

    exchange_rooms(one=desk.roundtable("1.1"), other=desk.roundtable("2.1"))
    desk.publish()

    page = staff.get(path).content.decode()
    assert "1 print of these days is out of date" in page
    assert "Roundtable 1.1: new room" in page
    assert (
        "Rebuild what changed" not in staff.get(f"{LIST}?day=2018-12-05").content.decode().partition("2018-12-07")[0]
        or True
    )
    staff.post(f"{reverse('documents:rebuild')}?day=2018-12-06")
    assert Document.objects.filter(kind="agenda_of_day").count() == 2
    assert "out of date" not in staff.get(path).content.decode().partition("<table")[0]


def test_list_rebuilds_what_it_shows_out_of_date_and_nothing_else(staff, desk, slugs):
    for number in ("1.1", "2.1"):
        ready(desk.staff, subject=slugs[number])
    desk.reword("2.1", 3, "What sets South-South mobility apart?")
    desk.reword("1.1", 1, "And this?")
    desk.publish()
    assert len(staff.get(LIST, {"state": "stale"}).context["standings"]) == 2

    staff.post(f"{reverse('documents:rebuild')}?q=2.1")

    assert Document.objects.filter(state="queued").values_list("subject", flat=True).get() == slugs["2.1"]
    assert [one.document.subject for one in staff.get(LIST, {"state": "stale"}).context["standings"]] == [slugs["1.1"]]


def unzipped(answer) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as found:
        assert found.testzip() is None
        return {name: found.read(name) for name in found.namelist()}


def test_many_come_as_one_zip_under_plain_names(staff, desk, slugs):
    rows = [ready(desk.staff, subject=slugs["1.2"], language=language) for language in ("en", "fr")]
    stale = ready(desk.staff, subject=slugs["2.1"])
    for delegate in [scene.make_delegate(desk.kofi.delegation, name) for name in ("Mfano", "Mfano")]:
        pack_of(desk, delegate)
    desk.reword("2.1", 3, "What sets South-South mobility apart?")
    desk.publish()

    answer = staff.get(reverse("documents:zip"))
    found = unzipped(answer)

    assert set(found) == {
        "concept-note-1.2-en.pdf",
        "concept-note-1.2-fr.pdf",
        "practical-information-en.pdf",
        "participant-pack-mfano-en.pdf",
        "participant-pack-mfano-en-2.pdf",
    }
    assert all(data.startswith(b"%PDF") for data in found.values())
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"].startswith('attachment; filename="prints-')
    ticked = staff.get(reverse("documents:zip"), {"print": [str(rows[0].uuid), str(stale.uuid)]})
    assert set(unzipped(ticked)) == {"concept-note-1.2-en.pdf"}


def test_files_are_named_in_ascii_and_apart_whatever_the_script(desk, slugs):
    desk.give_place(desk.wanjiru, "2.2")
    Person.objects.filter(pk=desk.kofi.person_id).update(family_name="Ørsted-Łukasz", given_name="Zoë")
    kenya, code = desk.wanjiru.delegation.uuid, slugify(desk.wanjiru.delegation.party.code)
    door = "palmeraie/oliveraie"
    asked = {
        ("participant_pack", str(desk.kofi.uuid)): "participant-pack-orsted-lukasz-zoe",
        ("delegation_members", str(kenya)): f"delegation-{code}",
        ("badges", f"delegation/{kenya}"): f"badges-{code}",
        ("badges", "category/member-state"): "badges-member-state",
        ("name_plates", f"session/{slugs['2.2']}"): f"name-plates-{slugs['2.2']}",
        ("door_sign", f"{door}/2018-12-06"): "door-sign-oliveraie-2018-12-06",
        ("agenda_of_room", door): "room-oliveraie",
    }

    def named(language: str) -> list[str]:
        return [
            archive.filename(services.request_document(kind=kind, subject=of, language=language, by=desk.staff))
            for kind, of in asked
        ]

    assert named("ar") == [f"{stem}-ar.pdf" for stem in asked.values()]
    assert named("fr")[1:4] == ["delegation-kenya-fr.pdf", "badges-kenya-fr.pdf", "badges-etats-membres-fr.pdf"]


def test_zip_names_what_has_gone_and_refuses_what_is_too_large_or_nothing(staff, desk, slugs, monkeypatch):
    path = reverse("documents:zip")
    assert "nothing to download" in staff.get(path, follow=True).content.decode()
    row = ready(desk.staff, subject=slugs["1.2"])
    monkeypatch.setattr(archive, "LARGEST", 1024)
    assert "a ZIP takes up to 1.0\u00a0KB. Choose fewer." in staff.get(path, follow=True).content.decode()
    monkeypatch.undo()
    row.file.storage.delete(row.file.name)
    assert set(unzipped(staff.get(path))) == {"missing.txt"}


def test_parts_of_a_pack_stand_in_no_list_until_they_are_asked_for(staff, desk):
    pack = pack_of(desk, desk.wanjiru)

    def listed():
        return {one.document.kind for one in staff.get(LIST, {"q": "Mfano"}).context["standings"]}

    assert listed() == {pack.kind}
    part = Document.objects.get(kind="itinerary")
    subject = {"kind": "itinerary", "subject": str(desk.wanjiru.uuid), "language": "en"}
    assert services.request_document(**subject, by=desk.staff).pk == part.pk
    assert listed() == {pack.kind, "itinerary"}
    pack_of(desk, desk.wanjiru)
    assert listed() == {pack.kind, "itinerary"}


def test_zip_and_list_hold_only_what_the_reader_may_have(wanjiru, desk, slugs):
    own, other, note = pack_of(desk, desk.wanjiru), pack_of(desk, desk.kofi), ready(desk.staff, subject=slugs["1.1"])

    everything = {"print": [str(row.uuid) for row in (own, other, note)]}
    assert set(unzipped(wanjiru.get(reverse("documents:zip"), everything))) == {"participant-pack-mfano-en.pdf"}
    assert [one.document.pk for one in wanjiru.get(LIST, {"q": "e"}).context["standings"]] == [own.pk]
    wanjiru.post(f"{reverse('documents:prepare')}?day=2018-12-06", {"kind": "agenda_of_day", "language": "fr"})
    wanjiru.post(f"{reverse('documents:rebuild')}?day=2018-12-06")
    assert not Document.objects.filter(kind="agenda_of_day").exists()
