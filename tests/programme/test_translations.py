import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people.models import Party
from programme import snapshot as nodes
from programme.draft import draft
from programme.reading import said
from programme.translations import contents, count_lacking, missing
from roundtables.models import GuidingQuestion, Roundtable
from schedule.models import Forum, Role, Room, Session
from tests.editing import organiser, signed_in, staff
from themes.models import Commitment, Section, Theme

from .programmes import make_programme, session

REPORT = "/admin/programme/release/translations/"


@pytest.fixture
def client(marrakesh):
    return signed_in(organiser())


def text(response) -> str:
    return " ".join(response.content.decode().split())


def translate_all(forum: Forum) -> None:
    """Every text that has English gets the same in the languages it lacks."""
    models = [Forum, Theme, Section, *Session.own_models().values(), Session, GuidingQuestion, Commitment, Party, Room]
    models += [type(forum.venues.first()), type(Roundtable.objects.first().expected_outcomes.first())]
    models.append(forum.references.model)
    for model in models:
        for row in model._default_manager.all():
            for field in model._meta.get_fields():
                name, _, code = field.name.rpartition("_")
                if code in {"fr", "es", "ar"} and getattr(row, f"{name}_en", "") and not getattr(row, field.name):
                    model._default_manager.filter(pk=row.pk).update(**{field.name: getattr(row, f"{name}_en")})


# What lacks a language


def test_text_lacks_the_languages_it_has_no_value_in():
    programme = make_programme(session("opening", title={"en": "Opening", "fr": "Ouverture"}), venues=())

    found = {(said(content.title), content.label): content.lacks for content in contents(programme)}

    assert found["Opening", "Title"] == ["es", "ar"]
    assert found["Eleventh GFMD", "City"] == ["fr", "es"]
    assert ("Opening", "Summary") not in found  # empty in English too


def test_text_without_english_lacks_nothing_and_is_named():
    programme = make_programme(session("opening", title={"en": "Opening"}, host={"fr": "Maroc", "ar": "المغرب"}))
    urls = {(content.model, content.key): "/page/" for content in contents(programme)}

    found = missing(programme, urls, languages=["ar"])["sourceless"]

    assert [(row.title, row.label, row.text, row.code, row.languages) for row in found] == [
        ("Opening", "Host", "Maroc", "fr", ["Arabic"])
    ]
    assert missing(programme, urls, languages=["es"])["sourceless"] == []


def test_questions_and_outcomes_are_numbered_within_their_session():
    roundtable = session(
        "rt",
        kind="roundtable",
        outcomes=(nodes.ParagraphNode(uuid="o", text={"en": "A"}),),
        questions=(
            nodes.QuestionNode(uuid="q", text={"en": "B"}),
            nodes.QuestionNode(uuid="r", text={"en": "C"}),
        ),
    )

    found = [(one.label, one.number, one.text["en"]) for one in contents(make_programme(roundtable)) if one.number]

    assert found == [("Expected outcome", 1, "A"), ("Guiding question", 1, "B"), ("Guiding question", 2, "C")]


def test_persons_stay_and_parties_are_named_once():
    party = nodes.PartyNode(code="PHL", kind="state", name={"en": "Philippines"})
    person = nodes.PersonNode(uuid="p", family_name="Santos")
    roles = tuple(nodes.RoleNode(kind=kind, party=party, person=person) for kind in ("co_chair", "speaker"))

    found = [one for one in contents(make_programme(session("a", roles=roles))) if one.model is Party]

    assert [(one.key, said(one.title), one.lacks) for one in found] == [("PHL", "Philippines", ["fr", "es", "ar"])]
    assert "Santos" not in str(list(contents(make_programme(session("a", roles=roles)))))


def test_only_commitments_that_are_cited_count():
    commitments = tuple(
        nodes.CommitmentNode(key=key, kind="goal", instrument="2030", name={"en": key}) for key in ("sdg-8", "sdg-9")
    )
    programme = make_programme(session("a", commitments=("sdg-9",)), commitments=commitments)

    assert [one.key for one in contents(programme) if one.model is Commitment] == ["sdg-9"]


# The page


@pytest.mark.django_db
def test_report_names_each_text_with_its_page(client, marrakesh):
    theme = Theme.objects.first()
    roundtable = Roundtable.objects.first()
    question = roundtable.guiding_questions.first()
    Theme.objects.filter(pk=theme.pk).update(title_fr="")
    GuidingQuestion.objects.filter(pk=question.pk).update(text_fr="")

    page = text(client.get(REPORT, {"lacking": "fr"}))

    for url in ("admin:themes_theme_change", "admin:roundtables_roundtable_change"):
        row = theme if "theme_" in url else roundtable
        assert f'<a href="{reverse(url, args=[row.pk])}">' in page
    assert "Guiding question 1</span>" in page


@pytest.mark.django_db
def test_complete_language_says_so(client, marrakesh):
    translate_all(Forum.objects.get())
    Session.objects.filter(slug="opening-ceremony").update(title_es="")
    lacking = Room.objects.first()
    Room.objects.filter(pk=lacking.pk).update(name_es="")

    page = text(client.get(REPORT))

    assert "French: complete" in page
    assert "Arabic: complete" in page
    assert "Spanish: one text is missing" in page
    assert page.count("<tbody>") == 1
    assert "Nothing is missing." in text(client.get(REPORT, {"lacking": "fr"}))


@pytest.mark.django_db
def test_text_without_english_stands_below(client, marrakesh):
    Session.objects.filter(pk=Session.objects.first().pk).update(entry_note_en="", entry_note_ar="للمدعوين")

    page = text(client.get(REPORT, {"lacking": "ar"}))

    assert "Without English" in page
    assert '<td lang="ar" dir="auto">للمدعوين</td>' in page
    assert "Without English" not in text(client.get(REPORT, {"lacking": "fr"}))


@pytest.mark.django_db
def test_report_takes_a_fixed_number_of_queries(client, marrakesh, django_assert_num_queries):
    client.get(REPORT)  # types of content are kept from then on
    with CaptureQueriesContext(connection) as many:
        client.get(REPORT)
    Role.objects.all().delete()
    Session.objects.exclude(kind="roundtable").filter(parent__isnull=False).delete()
    Room.objects.filter(sessions=None).delete()
    GuidingQuestion.objects.exclude(position=1).delete()

    with django_assert_num_queries(len(many)):
        client.get(REPORT)


@pytest.mark.django_db
def test_publishing_says_what_is_missing(client, marrakesh):
    counts = {code: number for code, _name, number in count_lacking(draft(Forum.objects.get()))}
    Theme.objects.filter(pk=Theme.objects.first().pk).update(title_fr="")

    page = text(client.get("/admin/programme/release/publish/"))

    assert f'href="{REPORT}?lacking=fr"' in page
    number = counts["fr"] + 1
    assert (f"French: {number} texts are missing" if number > 1 else "French: one text is missing") in page
    assert f'href="{REPORT}"' in text(client.get("/admin/"))


@pytest.mark.django_db
def test_report_is_for_those_who_may_see_the_draft(marrakesh):
    assert signed_in(staff()).get(REPORT).status_code == 403
