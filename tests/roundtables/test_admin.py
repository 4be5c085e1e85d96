import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from roundtables.models import ExpectedOutcome, GuidingQuestion, Roundtable
from tests.editing import organiser, posted, signed_in
from themes.models import Commitment, Theme

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(marrakesh):
    return signed_in(organiser())


@pytest.fixture
def roundtable(marrakesh):
    return Roundtable.objects.get(theme__number=1, place=1)


def address(row) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def index_of(data: dict, question: GuidingQuestion) -> int:
    return next(n for n in range(99) if data.get(f"guiding_questions-{n}-id") == str(question.pk))


def test_two_questions_are_swapped_in_one_save(client, roundtable):
    first, second = roundtable.guiding_questions.filter(position__lte=2)
    data = posted(client.get(address(roundtable)))
    data[f"guiding_questions-{index_of(data, first)}-position"] = "2"
    data[f"guiding_questions-{index_of(data, second)}-position"] = "1"

    response = client.post(address(roundtable), data)

    assert response.status_code == 302
    assert [question.pk for question in roundtable.guiding_questions.filter(position__lte=2)] == [second.pk, first.pk]


def test_two_questions_at_one_position_are_refused(client, roundtable):
    first = roundtable.guiding_questions.get(position=1)
    data = posted(client.get(address(roundtable)))
    data[f"guiding_questions-{index_of(data, first)}-position"] = "2"

    response = client.post(address(roundtable), data)

    assert response.status_code == 200
    assert "duplicate" in response.content.decode()
    first.refresh_from_db()
    assert first.position == 1


def test_two_questions_at_one_position_are_refused_by_the_database(roundtable):
    @transaction.atomic
    def double():
        roundtable.guiding_questions.filter(position=1).update(position=2)
        connection.check_constraints()

    with pytest.raises(IntegrityError, match="guiding_question_position_unique"):
        double()


def test_question_keeps_its_identity_and_commitments(client, roundtable):
    question = roundtable.guiding_questions.get(position=1)
    commitment = Commitment.objects.first()
    data = posted(client.get(address(roundtable)))
    place = index_of(data, question)
    data[f"guiding_questions-{place}-text_en"] = "Which?"
    data[f"guiding_questions-{place}-text_ar"] = "أي؟"
    data[f"guiding_questions-{place}-commitments"] = [commitment.pk]
    assert client.post(address(roundtable), data).status_code == 302
    again = GuidingQuestion.objects.get(uuid=question.uuid)
    assert (again.text_en, again.text_ar, list(again.commitments.all())) == ("Which?", "أي؟", [commitment])


def test_english_is_asked_for_and_the_others_are_not(client, roundtable):
    data = posted(client.get(address(roundtable)))
    response = client.post(address(roundtable), {**data, "title_en": "", "title_ar": ""})
    assert response.context["adminform"].form.errors == {"title_en": ["This field is required."]}
    assert 'name="title_ar"' in response.content.decode()
    assert 'lang="ar" dir="rtl"' in response.content.decode()


def test_roundtable_at_a_taken_position_is_refused(client, roundtable):
    other = Roundtable.objects.get(theme__number=1, place=2)
    data = {**posted(client.get(address(other))), "place": "1"}
    response = client.post(address(other), data)
    assert response.context["adminform"].form.non_field_errors() == ["This theme has a roundtable at this position."]
    with pytest.raises(IntegrityError, match="roundtable_place_unique"), transaction.atomic():
        Roundtable.objects.filter(pk=other.pk).update(place=1)


def test_page_costs_the_same_with_one_question_and_with_many(client, roundtable, asked_once):
    rich, poor = roundtable, Roundtable.objects.get(theme__number=3, place=2)
    poor.guiding_questions.filter(position__gt=1).delete()
    for row in (rich, poor):
        ExpectedOutcome.objects.get_or_create(roundtable=row, position=1, defaults={"text_en": "x"})
        for question in row.guiding_questions.all():
            question.commitments.set(Commitment.objects.all()[:3])
    counts = []
    for row in (poor, rich):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(row)).status_code == 200
        counts.append(len(queries))
    assert rich.guiding_questions.count() == 15
    assert counts[0] == counts[1]


def test_theme_links_to_its_roundtables(client):
    theme = Theme.objects.get(number=2)
    page = client.get(address(theme)).content.decode()
    for roundtable in theme.roundtables.all():
        assert address(roundtable) in page


def test_theme_saves_beside_its_roundtables(client):
    theme = Theme.objects.get(number=2)
    data = {**posted(client.get(address(theme))), "title_fr": "Thème deux"}
    assert client.post(address(theme), data).status_code == 302
    theme.refresh_from_db()
    assert (theme.title_fr, theme.roundtables.count()) == ("Thème deux", 2)


def test_list_of_questions_costs_the_same_for_one_and_for_many(client, asked_once):
    counts = []
    for query in ({"q": GuidingQuestion.objects.first().text_en}, {}):
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("admin:roundtables_guidingquestion_changelist"), query)
        counts.append(len(queries))
    assert counts[1] <= counts[0]
