"""The gate for prints: what is rendered is whole, accessible, legible and the same each time."""

import re
from io import BytesIO

import outloud
import pdfua
import pikepdf
import pypdfium2
import pytest
from django.conf import settings
from weasyprint.pdf import fonts
from weasyprint.text.ffi import ffi

from documents.pdf import RenderError, render
from documents.pdf.quicker import REPLACED
from documents.pdf.rendering import PRINT_FILES, typeset

from . import specimens
from .structcheck import problems

# A timetable of one row has more header cells than data, and is a table all the same.
OUTLOUD_FALSE_ALARMS = ["TBL-010"]

PRINTS = {
    "note en": ("concept_note", specimens.NOTE_EN, "en"),
    "note ar": ("concept_note", specimens.NOTE_AR, "ar"),
    "agenda en": ("agenda", specimens.AGENDA_EN, "en"),
    "day en": ("agenda", specimens.AGENDA_DAY_EN, "en"),
    "day ar": ("agenda", specimens.AGENDA_AR, "ar"),
    "cover en": ("pack_front", {**specimens.FRONT_EN, "papers": []}, "en"),
    "cover ar": ("pack_front", {**specimens.FRONT_AR, "papers": []}, "ar"),
    "itinerary en": ("itinerary", specimens.FRONT_EN, "en"),
    "itinerary ar": ("itinerary", specimens.FRONT_AR, "ar"),
}


def print_of(name, **changes):
    template, context, language = PRINTS[name]
    return render(
        f"documents/print/{template}.html", {**context, **changes}, language=language, prefix="x-", styles=("badge",)
    )


def text_of(data):
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data))


def html_of(body, language="en"):
    return f'<html lang="{language}"><title>Probe</title><body class="paper"><h1>Probe</h1>{body}'


def typeset_of(body, **more):
    return typeset(html_of(body), language="en", prefix="", media={}, **more)


def accessibility_errors(data, folder):
    path = folder / "print.pdf"
    path.write_bytes(data)
    findings = outloud.check(str(path), skip=OUTLOUD_FALSE_ALARMS).findings
    return [finding.rule for finding in findings if finding.severity == "error"] + [
        finding.message for finding in pdfua.validate(str(path)).findings
    ]


@pytest.mark.parametrize("name", PRINTS)
def test_print_is_whole_and_accessible(name, tmp_path):
    data = print_of(name).data

    assert problems(data) == {}
    assert accessibility_errors(data, tmp_path) == []


@pytest.mark.parametrize("name", ["note en", "note ar", "itinerary en"])
def test_print_gives_equal_bytes_twice(name):
    assert print_of(name) == print_of(name)


def test_render_counts_pages():
    rendered = print_of("itinerary en")

    assert rendered.pages == len(pypdfium2.PdfDocument(rendered.data)) == 2


def test_print_knows_its_language_title_and_bookmarks():
    with pikepdf.open(BytesIO(print_of("note ar").data)) as pdf, pdf.open_outline() as outline:
        assert str(pdf.Root.Lang) == "ar"
        assert str(pdf.Root.ViewerPreferences.Direction) == "/R2L"
        assert str(pdf.docinfo.Title) == specimens.NOTE_AR["print"]["title"]
        assert outline.root[0].title == specimens.NOTE_AR["note"]["title"]
        assert len(outline.root[0].children) == 2


def test_print_marks_text_of_another_language():
    with pikepdf.open(BytesIO(print_of("note ar").data)) as pdf:
        marked = [
            str(item.S)
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and "/S" in item and item.get("/Lang") == "en"
        ]

    assert marked == ["/P"]


def test_print_says_which_edition_it_shows_and_where_to_ask():
    text = text_of(print_of("day en").data)

    assert "Programme of 6 December, 08:41" in text
    assert "gfmd.example/verify/7K3MQ9TD" in text
    assert "1 / 1" in text


def test_print_keeps_8_mm_from_the_edge():
    """Printers cannot reach further."""
    scale, margin = 2, round(8 / 25.4 * 72 * 2) - 1
    for name in ("note en", "note ar", "day en", "cover en", "itinerary en"):
        for page in pypdfium2.PdfDocument(print_of(name).data):
            picture = page.render(scale=scale, grayscale=True).to_numpy()
            inner = picture[margin:-margin, margin:-margin]
            assert (picture < 250).sum() == (inner < 250).sum(), name


def test_last_line_is_not_broken_for_the_space_behind_it():
    line = "First words and the rest of a line that fits"
    body = "".join(f'<p style="width: {width}pt">{line}\n</p>' for width in range(180, 240))

    assert "First\r\n" not in text_of(typeset_of(body).data)


def test_cancelled_item_is_struck_and_named():
    assert "Cancelled" in text_of(print_of("day en").data)


def test_timetable_repeats_the_hour_for_every_parallel_item():
    """A row read alone must say when."""
    assert text_of(print_of("day en").data).count("10:00–12:30") == 3


@pytest.mark.parametrize(
    "name",
    ["Nguyễn Thị Ánh", "Юрий Ґалаґан", "Ελένη Παπαδοπούλου", "Łukasz Żółć", "İpek Ağaoğlu", "Ōtani Šárka"],
)
def test_names_of_many_scripts_print(name):
    sans = '<p style="font-family: IBM Plex Sans, IBM Plex Sans Arabic">'
    data = typeset_of(f"<p>{name}</p>{sans}<b>{name}</b></p>").data

    assert problems(data) == {}
    assert text_of(data).count(name) == 2


def test_arabic_comes_out_as_it_went_in():
    """Amiri keeps its letters in a PDF; Noto's Arabic faces lose most of theirs."""
    paragraph = specimens.NOTE_AR["note"]["outcomes"][0]["segments"][0]["text"]
    words = text_of(print_of("note ar").data).replace("\r\n", " ").split()

    found = [word for word in paragraph.split() if word in words]

    assert len(found) / len(paragraph.split()) >= 0.9


def test_typographic_marks_of_our_languages_print():
    marks = (
        "« 08\u202fh\u202f41 » “A” ‘B’ 5–7 non\u2011breaking … № € £ ½ ² ₂ ° × − ≤ ≥ → ← • § † ¿ ¡ œ Œ ª º ، ؛ ؟ «ع»"
    )

    assert problems(typeset_of(f"<p>{marks}</p>").data) == {}


def test_missing_character_fails_the_print_and_is_named():
    with pytest.raises(RenderError) as error:
        typeset_of("<p>日本</p>")

    assert str(error.value) == "No typeface for prints has these characters: 日 (U+65E5), 本 (U+672C)"


def test_fonts_of_the_machine_are_not_used():
    fonts = set()
    with pikepdf.open(BytesIO(typeset_of('<p style="font-family: DejaVu Sans, monospace">Probe</p>').data)) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
                fonts.add(str(item.FontName).split("+")[1].split("-")[0])

    assert fonts <= {"Source", "IBM", "Amiri"}


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src='file:///etc/passwd'>",
        "{{ settings.SECRET_KEY }}{% now 'Y' %}",
        "</title><link rel=stylesheet href=https://example.org/x.css>",
        "'\"><a href=javascript:alert(1)>",
        "\u202eRETSIM\u202c",
    ],
)
def test_hostile_name_is_only_text(hostile):
    front = specimens.front_of(hostile, "NAME", country=hostile, papers=[])
    data = render("documents/print/pack_front.html", front, language="en", styles=("badge",)).data

    assert problems(data) == {}
    if hostile.isascii():
        assert "".join(hostile.split()) in "".join(text_of(data).split())


@pytest.mark.parametrize("name", ["note ar", "itinerary en", "itinerary ar"])
def test_what_makes_prints_quicker_changes_no_byte(name, monkeypatch):
    first, again = print_of(name).data, print_of(name).data
    for owner, attribute, theirs, _ours in REPLACED:
        monkeypatch.setattr(owner, attribute, theirs)
    monkeypatch.setattr(fonts, "ffi", ffi)

    assert first == again == print_of(name).data


def test_what_is_for_other_fonts_is_loaded_when_it_is_called():
    assert fonts.subset.Options(hinting=False).hinting is False


def test_every_element_of_the_templates_is_known_to_the_style_sheet():
    """WeasyPrint's own sheet is left out, so that another would be a piece of a line."""
    sheet = (PRINT_FILES / "print.css").read_text()
    known = set(re.findall(r"[a-z][a-z1-5]*", " ".join(re.findall(r"^([a-z1-5, ]+) \{", sheet, re.MULTILINE))))
    templates = (settings.BASE_DIR / "templates" / "documents" / "print").glob("*.html")
    used = {element for path in templates for element in re.findall(r"<([a-z]+[1-5]?)\b", path.read_text())}

    assert used - known == {"a", "bdi", "br", "span"}


def test_image_without_description_fails():
    with pytest.raises(RenderError, match="no required alt description"):
        typeset_of('<img src="seal.svg">')
