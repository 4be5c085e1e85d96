import io

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pikepdf import Array, Dictionary, Name, String

from people.pdfs import pages_of
from people.uploads import UploadRefused


def paper(change=None, pages=2, **options) -> SimpleUploadedFile:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for _number in range(pages):
            pdf.add_blank_page(page_size=(595, 842))
        if change:
            change(pdf)
        pdf.save(out, **options)
    return SimpleUploadedFile("paper.txt", out.getvalue(), "text/plain")


def script(pdf):
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def named_script(pdf):
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([])))


def launch(pdf):
    action = Dictionary(S=Name.Launch, F=String("calc.exe"))
    pdf.pages[1].obj.Annots = Array([pdf.make_indirect(Dictionary(Subtype=Name.Link, A=action))])


def attached(pdf):
    pdf.attachments["data.xlsx"] = pikepdf.AttachedFileSpec(pdf, b"PK", filename="data.xlsx")


def on_the_page(pdf):
    pdf.pages[0].obj.Annots = Array([Dictionary(Subtype=Name.FileAttachment)])


def test_pages_are_counted_and_the_file_can_be_read_again():
    file = paper(pages=3)

    assert (pages_of(file), file.tell()) == (3, 0)


@pytest.mark.parametrize("change", [script, named_script, launch, attached, on_the_page])
def test_what_acts_or_brings_files_along_is_refused(change):
    with pytest.raises(UploadRefused, match="script, a command or an attached file"):
        pages_of(paper(change))


def deep(pdf):
    pdf.Root.Deep = Array([])
    for _level in range(40):
        pdf.Root.Deep = Array([pdf.Root.Deep])


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (SimpleUploadedFile("a.pdf", b"\x89PNG\r\n\x1a\n"), "no PDF"),
        (SimpleUploadedFile("a.pdf", b"%PDF-1.7 and nothing else"), "cannot be read"),
        (paper(deep), "cannot be read"),
        (paper(encryption=pikepdf.Encryption(owner="o", user="u")), "protected"),
        (paper(encryption=pikepdf.Encryption(owner="o", user="")), "protected"),
        (paper(pages=0), "from 1 to 300 pages"),
    ],
)
def test_what_cannot_be_printed_is_refused_with_what_to_do(file, sentence):
    with pytest.raises(UploadRefused, match=sentence):
        pages_of(file)
