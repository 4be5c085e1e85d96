"""Background papers, from the upload to the reader: of a release only, whatever is edited since."""

import io

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from msgspec import structs

from programme import present, releases, services
from programme.compare import compare
from programme.readable import subjects
from programme.snapshot import SCHEMA, PaperNode, load
from schedule.models import BackgroundPaper
from schedule.papers import keep
from tests.editing import organiser, posted, signed_in

TITLE = "Financing migration & return"


def pdf(pages=1, mark="") -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        for _number in range(pages):
            made.add_blank_page(page_size=(595, 842))
        made.docinfo["/Subject"] = mark or "A paper"
        made.save(out, deterministic_id=True)
    return out.getvalue()


@pytest.fixture(autouse=True)
def _files_of_their_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def add(session, *, data=None, **fields):
    data = data or pdf()
    values = {"position": 1, "language": "en", "title": TITLE, "digest": keep(data), "pages": 1, **fields}
    return BackgroundPaper.objects.create(session=session, **values)


def publish(forum):
    made = services.publish(forum=forum, by=None, base=services.newest(forum).number)
    releases.shelf.clear()
    return made


@pytest.fixture
def session(published):
    return published.forum.sessions.get(slug="roundtable-2-2")


def row(session, **fields):
    """A paper as the page of its roundtable posts it."""
    values = {"id": "", "session_ptr": "", "position": "1", "language": "fr", "title": "Le financement", **fields}
    return {"papers-TOTAL_FORMS": "1", **{f"papers-0-{name}": value for name, value in values.items()}}


def test_organiser_uploads_replaces_and_is_told_what_is_wrong(session):
    client = signed_in(organiser())
    address = reverse("admin:roundtables_roundtable_change", args=[session.pk])

    def save(**fields):
        unchanged = posted(client.get(address))
        return client.post(address, {**unchanged, **row(session, **fields)})

    assert "Choose the PDF file of the paper." in save().content.decode()
    refused = save(file=SimpleUploadedFile("a.pdf", b"GIF89a"))
    assert "This is no PDF." in refused.content.decode()
    assert not BackgroundPaper.objects.exists()

    assert save(file=SimpleUploadedFile("a.pdf", pdf(2)), in_packs="on").status_code == 302
    paper = BackgroundPaper.objects.get()
    assert (paper.pages, paper.in_packs, paper.session_id) == (2, True, session.pk)
    first = paper.digest
    kept = {"papers-INITIAL_FORMS": "1", "papers-0-id": str(paper.pk), "papers-0-session": str(session.pk)}
    client.post(address, {**posted(client.get(address)), **kept, "papers-0-title": "Autre titre"})
    paper.refresh_from_db()
    assert (paper.title, paper.digest) == ("Autre titre", first)


def test_readers_get_what_the_release_names(client, session, published):
    paper = add(session, language="fr", data=pdf(mark="first"))
    path = f"/en/sessions/roundtable-2-2/papers/{paper.uuid}/"
    assert client.get(path).status_code == 404
    publish(published.forum)

    page = client.get("/en/roundtables/2.2/").content.decode()
    assert f'<a href="{path}" hreflang="fr"' in page
    assert "French, PDF, 1 page" in page
    assert "Financing migration &amp; return" in page
    answer = client.get(path)
    assert b"".join(answer.streaming_content) == pdf(mark="first")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="financing-migration-return-fr.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies
    unspelt = structs.replace(releases.current().programme.by_uuid[str(session.uuid)].papers[0], title="تمويل الهجرة")
    assert present.file_name(unspelt) == f"background-paper-{unspelt.position}-fr.pdf"

    # Another file in the draft, or none, changes nothing for readers
    BackgroundPaper.objects.filter(pk=paper.pk).update(digest=keep(pdf(mark="second")))
    assert b"".join(client.get(path).streaming_content) == pdf(mark="first")
    preview = signed_in(organiser()).get(path.replace("/en/", "/en/preview/"))
    assert (b"".join(preview.streaming_content), preview["Cache-Control"]) == (pdf(mark="second"), "no-store")
    paper.delete()
    assert b"".join(client.get(path).streaming_content) == pdf(mark="first")
    publish(published.forum)
    assert client.get(path).status_code == 404
    assert "Background papers" not in client.get("/en/roundtables/2.2/").content.decode()


def test_paper_of_an_internal_session_is_nobodys(client, session, published):
    paper = add(session)
    session.listed = False
    session.save()
    publish(published.forum)

    assert client.get(f"/en/sessions/roundtable-2-2/papers/{paper.uuid}/").status_code == 404


def test_old_releases_have_no_papers_and_changes_name_them(session, published):
    stored = dict(published.snapshot)
    assert stored.pop("schema") == SCHEMA
    old = load(stored)  # as it was written before there were papers
    assert {paper for node in old.sessions for paper in node.papers} == set()
    add(session, in_packs=True, title="Financing")

    new = load(publish(published.forum).snapshot)

    (node,) = new.by_uuid[str(session.uuid)].papers
    assert isinstance(node, PaperNode)
    (subject,) = subjects(compare(old, new), old, new)
    (line,) = subject.lines
    assert (line.label, line.old) == ("Background papers", "")
    assert line.new == f"Financing (English, {node.digest[:8]}, in packs)"
    assert not subject.is_public
