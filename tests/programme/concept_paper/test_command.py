"""`manage.py import_concept_paper`: from a file on paper to the tables, in words and with an exit code."""

import pytest
from django.core.management import CommandError, call_command

from programme.concept_paper.reading import read
from programme.models import Import

from .small_forum import FIRST_QUESTIONS, as_text, questions_of, small_forum, small_paper, with_roundtable


@pytest.fixture
def forum(db):
    return small_forum()


@pytest.fixture
def file(tmp_path):
    def write(paper):
        path = tmp_path / "paper.txt"
        path.write_bytes(as_text(paper))
        return path

    return write


def run(capsys, *arguments):
    call_command("import_concept_paper", *map(str, arguments), "--forum", "nairobi-2027")
    return capsys.readouterr().out


def test_paper_of_the_tables_changes_nothing(forum, file, capsys):
    said = run(capsys, file(small_paper()), "--apply")

    assert "sections 3, themes 2, roundtables 2, expected outcomes 2, guiding questions 6, references 2" in said
    assert "Nothing to take over." in said
    assert Import.objects.count() == 0


def test_what_is_found_is_said_and_taken_over_only_when_asked(forum, file, capsys, tmp_path):
    """Applied, the questions are those of the paper and no others; applied again, nothing is left."""
    new = ["Why do bridges of trade outlast those of stone?", FIRST_QUESTIONS[0] + " And who asks?"]
    path = file(with_roundtable(small_paper(), 1, questions=new))
    report = tmp_path / "report.html"

    said = run(capsys, path, "--report", report)

    assert "Roundtable 1.1, Guiding question 1: added (line" in said
    assert f"Roundtable 1.1, Guiding question 4: missing from the paper\n  - {FIRST_QUESTIONS[3]}" in said
    assert "nothing is taken over" in said
    assert "<ins>And who asks?</ins>" in report.read_text().replace("<ins> ", "<ins>")
    assert questions_of(1) == FIRST_QUESTIONS

    assert "taken over into the draft" in run(capsys, path, "--apply")

    assert questions_of(1) == new
    [done] = Import.objects.all()
    assert (done.file_name, done.data, done.applied_at is not None) == ("paper.txt", None, True)
    assert "Nothing to take over." in run(capsys, path, "--apply")


def test_text_of_the_small_paper_reads_as_its_tree():
    paper = read(as_text(small_paper()), "paper.txt")

    assert (paper.language, paper.overarching_theme, paper.unplaced) == ("en", small_paper().overarching_theme, ())
    assert [len(one.questions) for theme in paper.themes for one in theme.roundtables] == [4, 2]


@pytest.mark.parametrize(
    ("name", "contents", "sentence"),
    [
        ("paper.odt", b"x", "paper.odt: "),
        ("letter.txt", b"Dear Sir or Madam", "letter.txt: "),
        ("other.txt", as_text(small_paper(title="Fourth Forum – Lima 2028")), "it is for 2028"),
    ],
)
def test_what_cannot_be_taken_is_an_error_of_one_sentence(forum, tmp_path, name, contents, sentence):
    path = tmp_path / name
    path.write_bytes(contents)
    with pytest.raises(CommandError, match=sentence):
        call_command("import_concept_paper", str(path), "--forum", "nairobi-2027")
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_concept_paper", str(tmp_path / "none.txt"), "--forum", "nairobi-2027")
    with pytest.raises(CommandError, match="no forum “atlantis”"):
        call_command("import_concept_paper", str(path), "--forum", "atlantis")
