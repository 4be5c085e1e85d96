from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from documents import building, services
from documents.models import Document
from people.models import User

from .conftest import client_of

LIST = "/en/documents/"


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


def test_name_in_the_title_of_a_pack_is_isolated_in_arabic(staff, desk):
    services.request_document(kind="participant_pack", subject=str(desk.wanjiru.uuid), language="en", by=desk.staff)

    page = staff.get("/ar/documents/").content.decode()

    assert "حافظة المشارك: \u2068Mfano\u2069" in page


def test_row_asks_again_while_it_is_made_and_then_offers_the_file(staff, desk, slugs):
    row = services.request_document(kind="concept_note", subject=slugs["1.1"], language="en", by=desk.staff)
    fragment = staff.get(address("document", row), headers={"HX-Request": "true"}).content.decode()
    assert fragment.count("<tr ") == 1
    assert 'hx-trigger="load delay:1s"' in fragment

    building.build(str(row.uuid))
    done = staff.get(address("document", row), headers={"HX-Request": "true"}).content.decode()

    assert "hx-trigger" not in done
    assert address("document-download", row) in done
    with_box = staff.get(f"{address('document', row)}?tick=1", headers={"HX-Request": "true"}).content.decode()
    assert with_box.strip() in staff.get(LIST).content.decode()


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
    assert said == ["1 print is being made.", f"{pack.title}: A pack is made for delegates who are accredited."]


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
