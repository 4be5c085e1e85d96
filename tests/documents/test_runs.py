"""Print runs: many prints in order, made once, and what came of them."""

import io
import uuid
from collections import Counter
from itertools import pairwise

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from documents import building, runs
from documents.failures import Failure
from documents.models import Document, PrintRun, PrintRunItem
from documents.pdf import RenderError
from documents.pdf.cutting import cut
from documents.privacy import NAMED, PRINTS
from documents.running import build_part
from documents.services import DocumentError, request_document
from people.models import Party, User
from programme import releases
from registrations.models import Delegate, DelegationHead
from registrations.personal import subject
from schedule.models import Room
from tests.editing import signed_in
from tests.registrations import scene

from .structcheck import problems
from .test_packs import outline, pages_of
from .test_pdf import accessibility_errors

PACK = "participant_pack"
CUT = "Cut along the dashed line."


@pytest.fixture
def crowd(desk):
    """Kenya has a head who was entered last, and one who is not accredited; the delegate of Ghana reads French."""
    kenya = desk.wanjiru.delegation
    head = scene.make_delegate(kenya, "Otieno", email="otieno@example.org")
    scene.make_delegate(kenya, "Kamau", email="kamau@example.org", state="submitted")
    DelegationHead.objects.create(delegation=kenya, delegate=head, period=(None, None))
    User.objects.filter(person=desk.kofi.person).update(language="fr")
    for delegate, place in ((desk.wanjiru, "table"), (desk.kofi, "table"), (head, "behind")):
        desk.give_place(delegate, "2.2", place)
    return desk


def made(desk, **chosen):
    run = runs.make_run(kind=PACK, by=desk.staff, **chosen)
    for part in run.parts.all():
        build_part(str(part.uuid))
    return run


def content(row) -> bytes:
    row.refresh_from_db()
    assert row.state == "ready", row.failure
    with row.file.open() as file:
        return file.read()


def items(run):
    rows = PrintRunItem.objects.filter(part__run=run).order_by("position").select_related("document")
    return [(row.document.title.split()[-1], row.document.language) for row in rows]


def test_run_is_bound_in_delegation_order_each_print_on_a_front_side(crowd, tmp_path):
    run = made(crowd)

    assert items(run) == [("Mensah", "fr"), ("Otieno", "en"), ("Mfano", "en")]
    (part,) = run.parts.all()
    data = content(part)
    assert problems(data) == {}
    assert accessibility_errors(data, tmp_path) == []
    pages = pages_of(data)
    assert (len(pages), len(pages) % 2, part.sheets) == (part.pages, 0, part.pages // 2)
    assert [name for name in ("Mensah", "Otieno", "Mfano") if name in pages[0]] == ["Mensah", "Otieno", "Mfano"]
    for position, (start, length) in part.places.items():
        assert start % 2 == 1
        assert f"{position} / 3" in pages[start - 1]
        assert pages[start] == ""  # the back of the separator sheet
        assert length == Document.objects.get(run_items__position=position).pages
    assert outline(data)[1::2] == ["Mensah", "Otieno", "Mfano"]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        _ticks, *behind = pdf.Root.StructTreeRoot.K[0].K
        elements = [(str(part.S), str(part.T).split()[-1], str(part.Lang)) for part in behind]
    spoken = [("Mensah", "fr"), ("Otieno", "en"), ("Mfano", "en")]
    assert elements == [("/Part", name, code) for name, own in spoken for code in ("en", own)]


def test_run_on_one_side_without_separators_has_no_blank_pages_but_behind_badges(crowd):
    run = made(crowd, duplex=False, separators=False, language="en")

    data = content(run.parts.get())
    pages = pages_of(data)
    assert [CUT in before for before, page in pairwise(pages) if not page] == [True] * 3
    assert {language for _name, language in items(run)} == {"en"}
    assert problems(data) == {}


def test_run_takes_a_filter(crowd):
    kenya = str(crowd.wanjiru.delegation.uuid)

    assert [name for name, _language in items(runs.make_run(kind=PACK, by=None, delegations=[kenya]))] == [
        "Otieno",
        "Mfano",
    ]
    assert len(items(runs.make_run(kind=PACK, by=None, categories=["member-state"]))) == 3
    assert len(items(runs.make_run(kind="concept_note", by=None, language="fr"))) > 6
    for nothing in ({"categories": ["media"]}, {"delegations": [str(uuid.uuid4())]}, {"subjects": ["x"]}):
        with pytest.raises(DocumentError, match="nothing to print"):
            runs.make_run(kind=PACK, by=None, **nothing)
    with pytest.raises(PermissionDenied):
        runs.make_run(kind=PACK, by=crowd.account(crowd.kofi))
    with pytest.raises(DocumentError, match="no such print"):
        runs.make_run(kind="poster", by=None)


def test_run_is_never_altered(crowd):
    run = runs.make_run(kind=PACK, by=crowd.staff)
    item = PrintRunItem.objects.filter(part__run=run).first()

    for rows, change in (
        (PrintRun.objects.filter(pk=run.pk), {"is_duplex": False}),
        (PrintRunItem.objects.filter(pk=item.pk), {"position": 9}),
        (PrintRunItem.objects.filter(pk=item.pk), {"document": Document.objects.exclude(pk=item.document_id).first()}),
    ):
        with pytest.raises(IntegrityError, match="never altered"), transaction.atomic():
            rows.update(**change)
    with pytest.raises(IntegrityError, match="never altered"), transaction.atomic():
        item.delete()
    crowd.staff.delete()
    run.refresh_from_db()
    assert run.requested_by is None


def test_files_hold_so_many_and_say_which(crowd, monkeypatch):
    monkeypatch.setattr(runs, "PART", 2)
    run = made(crowd)

    first, second = run.parts.order_by("number")
    assert [list(part.places) for part in (first, second)] == [["1", "2"], ["3"]]
    assert "3 / 3" in " ".join(pages_of(content(second)))


def test_one_changed_question_renders_the_note_and_a_cover_for_each_pack(crowd, monkeypatch):
    run = made(crowd, language="en")
    crowd.reword("2.2", 1, "And since when?")
    crowd.publish()
    rendered, wanted, render, want = Counter(), Counter(), building.render, building.want
    monkeypatch.setattr(
        building,
        "render",
        lambda template, *args, **more: rendered.update([template]) or render(template, *args, **more),
    )
    monkeypatch.setattr(building, "want", lambda **what: wanted.update([what["kind"].name]) or want(**what))

    supplement = runs.make_supplement(run=run, by=crowd.staff)
    build_part(str(supplement.parts.get().uuid))

    assert "And since when?" in " ".join(pages_of(content(supplement.parts.get())))
    assert rendered == {"documents/print/concept_note.html": 1, "documents/print/pack_front.html": 3}
    # What the packs have in common is fetched once, and what is their own is asked for at once
    assert wanted == {"practical_information": 1, "concept_note": 1}


def test_pack_of_a_supplement_takes_two_statements(crowd, django_assert_num_queries):
    """To take it, and to hand it in."""
    run = made(crowd, language="en")
    crowd.reword("2.2", 1, "And since when?")
    crowd.publish()
    supplement = runs.make_supplement(run=run, by=crowd.staff)
    rows = supplement.parts.get().items.select_related("document__edition", "document__issue")
    first, second, _third = [item.document for item in rows]
    shelf = building.Shelf()
    building.ask_for_papers([first, second], shelf)
    building.finished(first, shelf)

    with django_assert_num_queries(2):
        building.finished(second, shelf)

    assert second.state == "ready"
    kept = {name: getattr(second, name) for name in (*building.CAME_OF_IT, "size", "sha256", "done")}
    second.refresh_from_db()
    assert kept == {name: getattr(second, name) for name in kept}


def test_one_print_that_fails_fails_alone_and_comes_as_a_supplement(crowd, monkeypatch):
    render = building.render

    def refuse(template, context, **kwargs):
        if "pack_front" in template and "Otieno" in context["delegate"].name:
            raise RenderError(Failure.FILE, "photograph")
        return render(template, context, **kwargs)

    with monkeypatch.context() as broken:
        broken.setattr(building, "render", refuse)
        run = made(crowd)

    part = run.parts.get()
    assert (list(part.places), part.missing) == (["1", "3"], {"2": "file"})
    assert "The print asked for a file it may not load" in pages_of(content(part))[0]
    client = signed_in(crowd.staff)
    page = client.get(run.get_absolute_url()).content.decode()
    assert "1 print is missing" in page
    assert "Otieno" in page

    answer = client.post(f"{run.get_absolute_url()}supplement/")

    supplement = run.supplements.get()
    assert answer["Location"] == supplement.get_absolute_url()
    build_part(str(supplement.parts.get().uuid))
    assert items(supplement) == [("Otieno", "en")]
    assert "1 / 1" in " ".join(pages_of(content(supplement.parts.get())))
    with pytest.raises(DocumentError, match="Nothing is missing"):
        runs.make_supplement(run=supplement, by=None)


def test_release_tells_which_prints_show_the_old_room(crowd, asked_once):
    crowd.give_place(crowd.wanjiru, "1.1")
    run = made(crowd)
    session = crowd.roundtable("2.2")
    session.room = Room.objects.create(venue=session.venue, slug="annexe", name_en="Annexe")
    session.save()
    crowd.publish()

    with CaptureQueriesContext(connection) as queries:
        standing = runs.standing_of_run(run)

    assert [(shown.position, shown.listed.name) for shown in standing.stale] == [
        (1, "Mensah"),
        (2, "Otieno"),
        (3, "Mfano"),
    ]
    assert standing.stale[2].changes == ("Roundtable 2.2: new room: Annexe",)
    assert len(queries) < 24
    page = signed_in(crowd.staff).get(run.get_absolute_url()).content.decode()
    assert "3 prints show what is no longer so" in page
    assert page.index("Mensah") < page.index("Otieno") < page.index("Mfano")


def test_lists_of_a_run_name_parties_in_their_own_language_or_mark_the_other(crowd):
    Party.objects.filter(code="GHA").update(short_name_en="Ghana", short_name_fr="Le Ghana")
    run = made(crowd)  # the pack of Mensah is in French

    ticks = pages_of(content(run.parts.get()))[0]
    assert "Mensah Ghana 2" in ticks
    assert "Le Ghana" not in ticks
    (mensah, *_more) = items(run)
    assert mensah == ("Mensah", "fr")

    client, page = signed_in(crowd.staff), run.get_absolute_url()
    crowd.kofi.function = "Minister"
    crowd.kofi.save()
    assert '<span class="small"><bdi>Ghana</bdi></span>' in client.get(page).content.decode()
    Delegate.objects.filter(pk=crowd.kofi.pk).update(state="withdrawn", accredited_at=None, withdrawn_at=timezone.now())
    assert '<span class="small"><bdi lang="fr">Le Ghana</bdi></span>' in client.get(page).content.decode()


def test_what_a_release_has_changed_comes_as_a_supplement_and_nothing_else(crowd):
    crowd.give_place(crowd.wanjiru, "1.1")
    run = made(crowd)
    crowd.reword("1.1", 1, "And since when?")
    crowd.publish()

    answer = signed_in(crowd.staff).post(f"{run.get_absolute_url()}supplement/")

    supplement = run.supplements.get()
    assert answer["Location"] == supplement.get_absolute_url()
    assert items(supplement) == [("Mfano", "en")]
    assert runs.standing_of_run(supplement).stale == []
    before = set(Document.objects.ready().values_list("pk", flat=True))
    build_part(str(supplement.parts.get().uuid))
    new = Document.objects.ready().exclude(pk__in=before)
    assert sorted(new.values_list("kind", flat=True)) == ["concept_note", PACK]


def test_standing_takes_as_many_queries_for_one_as_for_many(crowd, django_assert_num_queries):
    kenya = crowd.wanjiru.delegation
    one = runs.make_run(kind=PACK, by=None, language="en", subjects=[str(crowd.wanjiru.uuid)])
    releases.current(crowd.forum.slug)
    with CaptureQueriesContext(connection) as before:
        runs.standing_of_run(one)
    for number in range(6):
        scene.make_delegate(kenya, f"Member{number}", email=f"{number}@example.org")
    many = runs.make_run(kind=PACK, by=None, language="en")

    with django_assert_num_queries(len(before)):
        runs.standing_of_run(many)


def test_file_is_downloaded_whole_or_from_a_sheet_on_by_staff_only(crowd):
    run = made(crowd)
    part = run.parts.get()
    client = signed_in(crowd.staff)
    address = f"{run.get_absolute_url()}1/"
    start = part.places["2"][0]
    sheet = (start + 1) // 2

    whole, rest = (client.get(address, query) for query in ({}, {"sheet": sheet}))

    data = b"".join(rest.streaming_content)
    assert b"".join(whole.streaming_content) == content(part)
    assert f"-1-from-{sheet}.pdf" in rest["Content-Disposition"]
    assert "no-store" in rest["Cache-Control"]
    assert pages_of(data) == pages_of(content(part))[start - 1 :]
    assert problems(data) == {}
    for odd in (0, part.sheets + 1):
        assert client.get(address, {"sheet": odd}).status_code == 404
    others = signed_in(crowd.account(crowd.kofi))
    for path in (run.get_absolute_url(), address):
        assert others.get(path).status_code == 404
    assert others.post(f"{run.get_absolute_url()}supplement/").status_code == 404


def test_print_cut_anywhere_is_whole(crowd):
    data = content(made(crowd).parts.get())
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pages = len(pdf.pages)

    for first in range(1, pages, 5):
        assert problems(cut(data, first)) == {}, first


def test_file_that_failed_is_tried_again(crowd, monkeypatch):
    run = runs.make_run(kind=PACK, by=crowd.staff)
    part = run.parts.get()
    with monkeypatch.context() as broken:
        broken.setattr("documents.running.compose", lambda *args, **kwargs: 1 / 0)
        build_part(str(part.uuid))
    part.refresh_from_db()
    assert part.state == "failed"
    page = signed_in(crowd.staff)

    page.post(f"{run.get_absolute_url()}1/again/")
    build_part(str(part.uuid))

    assert problems(content(part)) == {}


def test_file_that_takes_long_goes_on_later_with_what_was_made(crowd, monkeypatch):
    run = runs.make_run(kind=PACK, by=crowd.staff)
    part = run.parts.get()
    with monkeypatch.context() as slow:
        slow.setattr("documents.running.TURN", -1)
        build_part(str(part.uuid))
    part.refresh_from_db()
    assert (part.state, part.lease_until, part.done) == ("queued", None, 0)

    build_part(str(part.uuid))

    assert len(part.items.all()) == 3
    content(part)


def test_erasing_a_person_takes_them_out_of_runs_bundles_and_packs_of_others(
    crowd, django_capture_on_commit_callbacks, settings
):
    run = made(crowd)
    kenya = str(crowd.wanjiru.delegation.uuid)
    bundle = request_document(kind="delegation_bundle", subject=kenya, language="en", by=crowd.staff)
    part = run.parts.get()
    before = content(part)
    about = subject(person=crowd.wanjiru.person)
    named = list(NAMED.rows(about))
    assert {row.kind for row in named} == {PACK, "delegation_bundle", "delegation_members"}
    assert bundle in named

    with django_capture_on_commit_callbacks(execute=True):
        for holding in (PRINTS, NAMED):
            holding.forget(holding.rows(about))

    assert not Document.objects.filter(extract__icontains=str(crowd.wanjiru.uuid)).exists()
    part.refresh_from_db()
    assert (part.state, part.file.name) == ("queued", "")
    build_part(str(part.uuid))
    after = " ".join(pages_of(content(part)))
    assert "Mfano" in " ".join(pages_of(before))
    assert "Mfano" not in after
    assert "Mensah" in after
    standing = runs.standing_of_run(run)
    assert (standing.total, standing.erased) == (3, 2)  # the head's pack named the delegation


def test_bundle_of_a_delegation_holds_its_packs_in_order(crowd, tmp_path):
    kenya = crowd.wanjiru.delegation
    focal = User.objects.create_user("focal@example.org")
    kenya.focal_points.create(user=focal)

    row = request_document(kind="delegation_bundle", subject=str(kenya.uuid), language="en", by=focal)
    building.build(str(row.uuid))

    data = content(row)
    assert problems(data) == {}
    assert accessibility_errors(data, tmp_path) == []
    pages = pages_of(data)
    assert (len(pages), row.title) == (row.pages, "Packs of the delegation: Kenya")
    assert pages[0].index("Otieno") < pages[0].index("Mfano")
    assert [page for page in pages if "1 / 2" in page and "Otieno" in page]
    with pytest.raises(PermissionDenied):
        request_document(kind="delegation_bundle", subject=str(kenya.uuid), language="en", by=crowd.account(crowd.kofi))
    empty = scene.make_delegation(crowd.forum, "PHL")
    with pytest.raises(DocumentError, match="accredited"):
        request_document(kind="delegation_bundle", subject=str(empty.uuid), language="en", by=None)
