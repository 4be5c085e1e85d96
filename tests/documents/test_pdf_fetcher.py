"""What a print may load, tried from many sides. Nothing leaves the machine, nothing of it gets in."""

import base64
import os

import pytest

from documents.pdf import RenderError, qr
from documents.pdf.fetcher import OwnFiles
from documents.pdf.rendering import PRINT_FILES, typeset

SECRET = "file:///etc/passwd"
INNER = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'>{}</svg>"


def data_svg(inner):
    return "data:image/svg+xml;base64," + base64.b64encode(INNER.format(inner).encode()).decode()


REFUSED = {
    "file": f'<img alt="x" src="{SECRET}">',
    "http": '<img alt="x" src="http://example.org/x.png">',
    "https": '<img alt="x" src="https://example.org/x.png">',
    "ftp": '<img alt="x" src="ftp://example.org/x.png">',
    "parent": '<img alt="x" src="../pdf/rendering.py">',
    "parent encoded": '<img alt="x" src="%2e%2e/pdf/rendering.py">',
    "parent as media": '<img alt="x" src="media/../../pdf/rendering.py">',
    "absolute": '<img alt="x" src="/etc/passwd">',
    "absolute twice": '<img alt="x" src="//etc/passwd">',
    "backslash": '<img alt="x" src="..\\pdf\\rendering.py">',
    "netloc": '<img alt="x" src="file://example.org/etc/passwd">',
    "other port": '<img alt="x" src="https://print.invalid:81/seal.svg">',
    "user": '<img alt="x" src="https://print.invalid@example.org/seal.svg">',
    "media not handed in": '<img alt="x" src="media/other.png">',
    "folder": '<img alt="x" src="./">',
    "base": '<base href="file:///etc/"><img alt="x" src="passwd">',
    "style sheet": f'<link rel="stylesheet" href="{SECRET}">',
    "import": f'<style>@import "{SECRET}";</style>',
    "face": f"<style>@font-face {{ font-family: x; src: url({SECRET}) }}</style>",
    "background": f'<p style="background: url({SECRET})">x</p>',
    "content": f"<style>p::before {{ content: url({SECRET}) }}</style><p>x</p>",
    "list image": f'<ul style="list-style-image: url({SECRET})"><li>x</li></ul>',
    "attachment": f'<link rel="attachment" href="{SECRET}">',
    "linked attachment": f'<a rel="attachment" href="{SECRET}">x</a>',
    "object": f'<object data="{SECRET}">x</object>',
    "embed": f'<embed src="{SECRET}">',
    "data page": '<object data="data:text/html,x">x</object>',
    "data picture of another kind": f'<img alt="x" src="{data_svg("")}">',
    "picture in a picture": '<svg xmlns="http://www.w3.org/2000/svg"><title>x</title>'
    f'<image width="9" height="9" href="{SECRET}"/></svg>',
}


def typeset_of(body, media=None):
    html = f'<html lang="en"><title>Probe</title><body class="paper"><h1>Probe</h1>{body}'
    return typeset(html, language="en", prefix="", media=media or {})


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED)
def test_fetcher_refuses(body):
    with pytest.raises(RenderError, match="may not load"):
        typeset_of(body)


def test_fetcher_is_not_even_asked_for_shapes_of_another_file(monkeypatch):
    asked = []
    monkeypatch.setattr(OwnFiles, "fetch", lambda self, url, headers=None: asked.append(url))
    picture = f'<svg xmlns="http://www.w3.org/2000/svg"><title>x</title><use href="{SECRET}#x"/></svg>'

    typeset_of(picture)

    assert asked == []


def test_fetcher_refuses_a_link_out_of_the_folder(tmp_path, monkeypatch):
    (tmp_path / "print.css").write_bytes((PRINT_FILES / "print.css").read_bytes())
    os.symlink("/etc/passwd", tmp_path / "seal.svg")
    monkeypatch.setattr("documents.pdf.rendering.PRINT_FILES", tmp_path)

    with pytest.raises(RenderError, match="may not load"):
        typeset_of('<img alt="x" src="seal.svg">')


def test_fetcher_serves_print_files_codes_and_media_handed_in(tmp_path):
    face = tmp_path / "anything.png"
    face.write_bytes(base64.b64decode(qr("face").partition(",")[2]))

    rendered = typeset_of(
        f'<img alt="seal" src="seal.svg"><img alt="code" src="{qr("code")}"><img alt="face" src="media/face.png">',
        media={"face.png": face},
    )

    assert rendered.pages == 1
