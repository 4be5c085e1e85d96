import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from documents import building, services
from documents.models import Document
from people.models import User
from programme import releases
from tests.registrations import scene

LIST = "/en/documents/"


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def staff(desk):
    return client_of(desk.staff)


@pytest.fixture
def wanjiru(desk):
    return client_of(desk.account(desk.wanjiru))


def ready(by, kind="concept_note", subject="", language="en"):
    row = services.request_document(kind=kind, subject=subject, language=language, by=by)
    building.build(str(row.uuid))
    row.refresh_from_db()
    assert row.state == "ready", row.error
    return row


def pack_of(desk, delegate):
    return ready(desk.staff, "participant_pack", str(delegate.uuid))


def address(name, row):
    return reverse(f"documents:{name}", args=[row.uuid])


def test_list_says_what_would_be_here(staff):
    page = staff.get(LIST)

    assert page.status_code == 200
    assert "No print has been asked for" in page.content.decode()


def test_asking_by_the_form_puts_the_print_on_the_list(staff, desk, slugs):
    answer = staff.post(f"{LIST}?kind=concept_note", {"subject": slugs["2.2"], "language": "fr"}, follow=True)

    row = Document.objects.get()
    assert (row.kind, row.language, row.requested_by) == ("concept_note", "fr", desk.staff)
    page = answer.content.decode()
    assert "Next in line" in page
    assert "GFMD/2018/RT.2.2/1" in page


def test_form_refuses_what_is_not_offered(staff, desk):
    page = staff.post(f"{LIST}?kind=concept_note", {"subject": "nothing", "language": "de"})

    assert page.status_code == 200
    assert set(page.context["form"].errors) == {"subject", "language"}
    assert not Document.objects.exists()


def test_pack_is_found_by_part_of_a_name(staff, desk):
    form = f"{LIST}?kind=participant_pack"

    name = staff.post(form, {"subject": "Mens", "language": "en"})
    none = staff.post(form, {"subject": "Nobody", "language": "en"})
    party = staff.post(form, {"subject": "kenya", "language": "en"})

    assert name.status_code == party.status_code == 302
    assert none.status_code == 200
    asked = Document.objects.order_by("pk").values_list("audience", flat=True)
    assert list(asked) == [desk.kofi.uuid, desk.wanjiru.uuid]


def test_name_in_the_title_of_a_pack_is_isolated_in_arabic(staff, desk):
    services.request_document(kind="participant_pack", subject=str(desk.wanjiru.uuid), language="en", by=desk.staff)

    page = staff.get("/ar/documents/").content.decode()

    assert "حافظة المشارك: \u2068Mfano\u2069" in page


def test_pack_of_several_that_match_offers_them(staff, desk):
    page = staff.post(f"{LIST}?kind=participant_pack", {"subject": "m", "language": "en"})

    assert page.context["form"].errors["subject"] == ["Several delegates match: choose one."]
    assert f'<option value="{desk.kofi.uuid}">Mensah, Ghana</option>' in page.content.decode()
    staff.post(f"{LIST}?kind=participant_pack", {"subject": str(desk.kofi.uuid), "language": "en"})
    assert str(Document.objects.get().audience) == str(desk.kofi.uuid)


def test_delegates_that_match_stand_in_the_order_of_the_language(staff, desk):
    for name in ("Nzau", "Ñuñez"):
        scene.make_delegate(desk.kofi.delegation, name)

    offered = {}
    for language in ("en", "es"):
        page = staff.post(f"/{language}/documents/?kind=participant_pack", {"subject": "z", "language": "en"})
        offered[language] = re.findall(r"<option [^>]*>(\w+), Ghana", page.content.decode())

    assert offered == {"en": ["Ñuñez", "Nzau"], "es": ["Nzau", "Ñuñez"]}


def test_row_asks_again_while_it_is_made_and_then_offers_the_file(staff, desk, slugs):
    row = services.request_document(kind="concept_note", subject=slugs["1.1"], language="en", by=desk.staff)
    fragment = staff.get(address("document", row), headers={"HX-Request": "true"}).content.decode()
    assert fragment.count("<tr ") == 1
    assert 'hx-trigger="load delay:1s"' in fragment

    building.build(str(row.uuid))
    done = staff.get(address("document", row), headers={"HX-Request": "true"}).content.decode()

    assert "hx-trigger" not in done
    assert address("document-download", row) in done
    assert done.strip() in " ".join([staff.get(LIST).content.decode()])


def test_download_is_an_attachment_that_nobody_keeps(staff, desk, slugs):
    row = ready(desk.staff, subject=slugs["1.2"], language="fr")

    answer = staff.get(address("document-download", row))

    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert answer["Content-Disposition"] == 'attachment; filename="concept-note-1.2-fr.pdf"'
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]


def test_print_that_is_not_ready_cannot_be_downloaded(staff, desk, slugs):
    row = services.request_document(kind="concept_note", subject=slugs["1.1"], language="en", by=desk.staff)

    assert staff.get(address("document-download", row)).status_code == 404


def test_delegate_gets_the_own_pack(wanjiru, desk):
    row = pack_of(desk, desk.wanjiru)

    answer = wanjiru.get(address("document-download", row))

    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert answer["Content-Disposition"] == 'attachment; filename="participant-pack-mfano-en.pdf"'


def test_pack_of_another_delegate_is_refused(wanjiru, desk, slugs):
    other, note = pack_of(desk, desk.kofi), ready(desk.staff, subject=slugs["1.1"])

    for row in (other, note):
        for name in ("document", "document-download"):
            assert wanjiru.get(address(name, row)).status_code == 404
        assert wanjiru.post(address("document-again", row)).status_code == 404
    assert "Mensah" not in wanjiru.get(LIST).content.decode()


def test_stranger_is_sent_to_sign_in(desk, slugs):
    row = ready(desk.staff, subject=slugs["1.1"])

    for path in (LIST, address("document", row), address("document-download", row), reverse("documents:my-pack")):
        answer = Client().get(path)
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/en/accounts/login/")


def test_delegate_asks_for_the_own_pack_on_the_list(wanjiru, desk):
    page = wanjiru.get(LIST)
    assert [kind.name for kind in page.context["kinds"]] == ["participant_pack"]

    wanjiru.post(LIST, {"subject": str(desk.kofi.uuid), "language": "en"})
    assert not Document.objects.exists()
    wanjiru.post(LIST, {"subject": str(desk.wanjiru.uuid), "language": "en"})
    assert str(Document.objects.get().audience) == str(desk.wanjiru.uuid)


def test_my_pack_is_made_from_the_panel_of_my_programme(wanjiru, desk):
    panel = {"HX-Request": "true"}
    path = reverse("documents:my-pack")
    assert "Make your pack" in wanjiru.get(path, headers=panel).content.decode()

    assert "Queued" in wanjiru.post(path, headers=panel).content.decode()
    building.build(str(Document.objects.get().uuid))
    assert "Download your pack" in wanjiru.get(path, headers=panel).content.decode()

    desk.give_place(desk.wanjiru, "2.2")
    stale = wanjiru.get(path, headers=panel).content.decode()
    assert "Roundtable 2.2: added" in stale
    assert "Make it again" in stale


def test_pack_is_no_longer_for_who_is_no_longer_accredited(wanjiru, desk):
    row = pack_of(desk, desk.wanjiru)
    desk.wanjiru.move(to="withdrawn", now=timezone.now())

    for name in ("document", "document-download"):
        assert wanjiru.get(address(name, row)).status_code == 404
    assert "Mfano" not in wanjiru.get(LIST).content.decode()
    assert wanjiru.get(reverse("documents:my-pack"), headers={"HX-Request": "true"}).content.strip() == b""


def test_asking_again_for_many_leaves_out_what_there_can_be_no_more_and_says_why(staff, desk, slugs):
    pack = services.request_document(
        kind="participant_pack", subject=str(desk.wanjiru.uuid), language="en", by=desk.staff
    )
    note = services.request_document(kind="concept_note", subject=slugs["1.1"], language="en", by=desk.staff)
    desk.wanjiru.move(to="withdrawn", now=timezone.now())

    answer = staff.post(
        reverse("admin:documents_document_changelist"),
        {"action": "ask_again", "_selected_action": [pack.pk, note.pk]},
        follow=True,
    )

    said = [str(message) for message in answer.context["messages"]]
    assert said == [f"{pack.title}: A pack is made for delegates who are accredited.", "1 print is being made."]


def test_my_pack_is_nothing_for_who_is_no_delegate(desk):
    reader = client_of(User.objects.create_user("reader@example.org"))

    assert reader.get(reverse("documents:my-pack"), headers={"HX-Request": "true"}).content.strip() == b""


def test_failed_print_says_why_and_is_tried_again_in_its_row(staff, desk, slugs, monkeypatch):
    row = services.request_document(kind="concept_note", subject=slugs["1.1"], language="en", by=desk.staff)
    with monkeypatch.context() as broken:
        broken.setattr(building, "render", lambda *args, **kwargs: 1 / 0)
        building.build(str(row.uuid))
    page = staff.get(LIST).content.decode()
    assert "Something unforeseen went wrong" in page
    assert "Try again" in page

    french = staff.get("/fr/documents/").content.decode()
    assert "Échec" in french
    assert "Something unforeseen" not in french

    with translation.override("en"):
        answer = staff.post(address("document-again", row), headers={"HX-Request": "true"}).content.decode()

    assert "Next in line" in answer


def test_stale_print_names_what_changed_and_is_built_again(staff, desk, slugs):
    old = ready(desk.staff, subject=slugs["2.1"])
    desk.reword("2.1", 3, "What sets South-South mobility apart?")
    desk.publish()
    page = staff.get(LIST).content.decode()
    assert "Out of date" in page
    assert "guiding questions" in page

    staff.post(address("document-again", old))

    new = Document.objects.exclude(pk=old.pk).get()
    assert new.edition.number == 2
    assert [row.document.pk for row in staff.get(LIST).context["standings"]] == [new.pk]


def test_list_takes_as_many_queries_for_many_as_for_one(
    staff, desk, slugs, django_assert_max_num_queries, django_assert_num_queries
):
    def ask(kind, subject):
        services.request_document(kind=kind, subject=subject, language="en", by=desk.staff)

    ask("concept_note", slugs["1.1"])
    ask("participant_pack", str(desk.wanjiru.uuid))
    staff.get(LIST)
    releases.shelf.clear()
    with django_assert_max_num_queries(15) as few:
        staff.get(LIST)
    for subject in slugs.values():
        ask("concept_note", subject)
    ask("participant_pack", str(desk.kofi.uuid))
    releases.shelf.clear()
    with django_assert_num_queries(len(few)):
        staff.get(LIST)


def test_list_goes_on_on_a_second_page(staff, desk, slugs):
    for language in ("en", "fr", "es", "ar"):
        for subject in (*slugs.values(), "migration-and-agenda-2030"):
            services.request_document(kind="concept_note", subject=subject, language=language, by=desk.staff)

    assert len(staff.get(LIST).context["standings"]) == 25
    assert len(staff.get(f"{LIST}?page=2").context["standings"]) == 3
