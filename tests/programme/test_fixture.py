"""The Marrakesh programme is complete and exact. Counts: the concept paper of 2018."""

import re

import pytest
from django.core.management import CommandError, call_command

from people.models import Party
from programme.fixture import Loader
from roundtables.models import ExpectedOutcome, GuidingQuestion, Roundtable
from schedule.models import Forum, Role, Room, Session
from tests.conftest import MARRAKESH
from themes.models import Reference, Section, Theme
from workshops.models import SideEvent, Workshop

FIGURES = ["31 million", "77", "64", "69", "258 million", "150 million", "$500 billion", "7.45", "1,000"]


def every_text() -> str:
    values = [
        *Section.objects.values_list("body_en", flat=True),
        *Theme.objects.values_list("rationale_en", flat=True),
        *ExpectedOutcome.objects.values_list("text_en", flat=True),
        *GuidingQuestion.objects.values_list("text_en", flat=True),
    ]
    return "\n".join(values)


def test_counts_are_those_of_the_paper(marrakesh):
    questions = {rt.number: rt.guiding_questions.count() for rt in Roundtable.objects.select_related("theme")}
    outcomes = {rt.number: rt.expected_outcomes.count() for rt in Roundtable.objects.select_related("theme")}

    assert questions == {"1.1": 15, "1.2": 9, "2.1": 8, "2.2": 10, "3.1": 9, "3.2": 7}
    assert outcomes == {"1.1": 1, "1.2": 1, "2.1": 1, "2.2": 1, "3.1": 1, "3.2": 2}
    assert Theme.objects.count() == 3
    assert Reference.objects.count() == 10
    assert list(Section.objects.filter(kind="paper").values_list("numeral", flat=True)) == [
        "I",
        "II",
        "IV",
        "V",
        "VI",
        "VII",
        "VIII",
    ]
    assert Workshop.objects.count() == 3


def test_titles_are_exact(marrakesh):
    assert marrakesh.overarching_theme == (
        "Honouring international commitments to unlock the potential of all migrants for development"
    )
    assert Theme.objects.get(number=1).title == (
        "From vulnerability to resilience: recognising migrant women and men as agents of development"
    )
    assert Roundtable.objects.get(theme__number=1, place=2).title == (
        "Migrants’ engagement with public services: from basic access to co-production"
    )
    assert Roundtable.objects.get(theme__number=3, place=2).title == (
        "Beyond Remittances: leveraging the development impact and promoting the transnational engagement of "
        "diaspora and migrants"
    )


@pytest.mark.parametrize("figure", FIGURES)
def test_figure_stands_in_the_text(marrakesh, figure):
    assert figure in every_text()


def test_every_reference_is_cited_in_the_order_of_its_number(marrakesh):
    in_order = [
        *Section.objects.filter(numeral__in=["I", "II"]).values_list("body_en", flat=True),
    ]
    for theme in Theme.objects.order_by("number"):
        in_order.append(theme.rationale_en)
        for roundtable in theme.roundtables.order_by("place"):
            in_order += roundtable.expected_outcomes.values_list("text_en", flat=True)
            in_order += roundtable.guiding_questions.values_list("text_en", flat=True)
    cited = list(dict.fromkeys(re.findall(r"\[\^([\w-]+)\]", "\n".join(in_order))))

    assert cited == list(Reference.objects.order_by("number").values_list("key", flat=True))


def test_only_roundtable_2_2_has_governments_in_roles(marrakesh):
    holders = Role.objects.filter(session__kind="roundtable", kind="co_chair")

    assert {role.session.slug for role in holders.select_related("session")} == {"roundtable-2-2"}
    assert [role.party.code for role in holders.select_related("party")] == ["PHL", "EGY", "ZMB"]


def test_unknown_dates_stay_unknown(marrakesh):
    months = SideEvent.objects.filter(timing="month")

    assert [(event.month.month, event.to_confirm != []) for event in months.order_by("month")] == [
        (7, True),
        (10, True),
    ]


def test_parties_are_named_by_united_nations_usage(marrakesh):
    assert Party.objects.filter(kind="member_state").count() == 193
    assert Party.objects.get(code="VNM").short_name_en == "Viet Nam"


def test_loading_again_finds_no_difference(marrakesh):
    loader = Loader(MARRAKESH, create=False)
    loader.run()

    assert loader.differences == []
    assert loader.unknown == []


def test_loading_again_lists_differences_and_changes_nothing_without_overwrite(marrakesh, capsys):
    Session.objects.filter(slug="roundtable-2-2").update(title_en="Something else")

    call_command("load_programme", MARRAKESH)

    assert "session roundtable-2-2, title_en" in capsys.readouterr().out
    assert Session.objects.get(slug="roundtable-2-2").title_en == "Something else"

    call_command("load_programme", MARRAKESH, "--overwrite")

    assert Session.objects.get(slug="roundtable-2-2").title_en != "Something else"


def test_loading_again_names_what_the_files_do_not_have_and_keeps_it(marrakesh, capsys):
    roundtable = Roundtable.objects.get(slug="roundtable-1-1")
    GuidingQuestion.objects.create(roundtable=roundtable, position=16, text_en="One more?")
    Role.objects.create(session=roundtable, kind="moderator", party=Party.objects.get(code="PHL"))
    Room.objects.create(venue=roundtable.venue, slug="atlas", name_en="Atlas")
    expected = ["room atlas", "session roundtable-1-1, moderator", "session roundtable-1-1, question 16"]

    for options in ([], ["--overwrite"]):
        call_command("load_programme", MARRAKESH, *options)
        said = capsys.readouterr().out
        assert [line.split(":")[0] for line in said.splitlines() if "not in the files" in line] == expected

    assert roundtable.guiding_questions.count() == 16


def test_broken_file_is_named_and_loses_nothing(db, tmp_path):
    (tmp_path / "parties.yaml").write_text("- {code: AFG, kind: [")

    with pytest.raises(CommandError, match=r"parties\.yaml"):
        call_command("load_programme", tmp_path)

    assert not Forum.objects.exists()
