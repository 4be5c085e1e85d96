import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from people import uploads
from people.uploads import UploadRefused


def picture(kind="PNG", size=(40, 30), **options) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "found"),
    [(b"%PDF-1.7\n", "application/pdf"), (picture("PNG"), "image/png"), (picture("JPEG"), "image/jpeg")],
)
def test_type_is_that_of_the_content_whatever_the_name(content, found):
    assert uploads.media_type(SimpleUploadedFile("letter.html", content, "text/html")) == found


@pytest.mark.parametrize("content", [b"<svg onload='x'>", b"<html>", b"MZ\x90", b"", b" %PDF-1.7"])
def test_everything_else_is_refused(content):
    with pytest.raises(UploadRefused, match="neither a PDF nor a picture"):
        uploads.media_type(SimpleUploadedFile("letter.pdf", content, "application/pdf"))


def test_what_is_too_large_is_refused():
    with pytest.raises(UploadRefused, match="larger than 5 MB"):
        uploads.media_type(SimpleUploadedFile("letter.pdf", b"%PDF-" + b"0" * uploads.MAX_BYTES))


def test_photograph_is_turned_upright_and_loses_what_the_camera_added():
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010E] = "Taken at home"
    file = SimpleUploadedFile("me.jpg", picture("JPEG", (2000, 1000), exif=exif))

    with Image.open(io.BytesIO(uploads.photograph(file))) as made:
        assert (made.format, made.size, dict(made.getexif())) == ("JPEG", (600, 1200), {})


@pytest.mark.parametrize("content", [b"%PDF-1.7", b"\x89PNG\r\n\x1a\n" + b"x" * 40, picture("JPEG")[:200]])
def test_photograph_that_is_none_is_refused(content):
    with pytest.raises(UploadRefused):
        uploads.photograph(SimpleUploadedFile("me.jpg", content))


@pytest.mark.parametrize("side", [7_000, 10_000, 14_000])
def test_picture_of_too_many_points_is_refused_for_them(side):
    out = io.BytesIO()
    Image.new("1", (side, side)).save(out, "PNG")

    with pytest.raises(UploadRefused, match="more than 40 million points"):
        uploads.photograph(SimpleUploadedFile("me.png", out.getvalue()))
