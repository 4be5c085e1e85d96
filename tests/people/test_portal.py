"""The tags, partials and form templates that every page stands on."""

import re
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

TEMPLATES = [
    path
    for path in settings.BASE_DIR.glob("templates/**/*.html")
    if "print" not in path.parts and path.parts[-3:] != ("people", "mail", "_base.html")
]


class Registration(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the badge")
    mail = forms.EmailField(label="E-mail", required=False)
    papers = forms.ChoiceField(label="Paper", choices=[("a", "A4")], widget=forms.RadioSelect)
    privacy = forms.BooleanField(label="I have read the notice")

    def clean(self):
        raise forms.ValidationError("This key has ended.")


def language_url(path: str, code: str) -> str:
    context = Context({"request": RequestFactory().get(path)})
    return Template("{% language_url code %}").render(Context({"code": code, **context.flatten()}))


def symbols() -> set[str]:
    return set(re.findall(r'<symbol id="(\w+)"', render_to_string("_sprite.html")))


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("/en/programme/", "/fr/programme/"),
        ("/ar/programme/?day=2018-12-06", "/fr/programme/?day=2018-12-06"),
        ("/en/no-such-page/", "/fr/no-such-page/"),
        ("/en/", "/fr/"),
        ("/verify/abc/", "/verify/abc/?language=fr"),
        ("/verify/abc/?language=ar", "/verify/abc/?language=fr"),
        ("/en/accounts/login/?next=/en/my/", "/fr/accounts/login/?next=/fr/my/"),
        ("/en/accounts/login/?next=/admin/", "/fr/accounts/login/?next=/admin/"),
        ("/en/a%3Fb/", "/fr/a%3Fb/"),
    ],
)
def test_language_url_keeps_the_page(path, there):
    assert language_url(path, "fr") == there


def test_language_url_stays_on_this_site():
    request = RequestFactory().get("/")
    request.path_info = "//evil.example/"

    found = Template("{% language_url 'fr' %}").render(Context({"request": request}))

    assert found == "/%2Fevil.example/?language=fr"


def test_language_url_without_a_request_is_the_home_page():
    assert Template("{% language_url 'ar' %}").render(Context()) == "/ar/"


def test_languages_stand_in_their_own_names_in_every_language():
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            page = render_to_string("_languages.html")
        assert re.findall(r'class="wide">([^<]+)', page) == ["English", "Français", "Español", "العربية"]
        assert re.findall(r'lang="(\w+)"[^>]* aria-current="true"', page) == [code]


def test_icon_escapes_its_name():
    assert Template("{% icon name %}").render(Context({"name": '"><script>'})).count("<script>") == 0


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_icons_named_in_a_template_are_drawn(path: Path):
    source = path.read_text()
    named = re.findall(r'{% icon "(\w+)"', source) + re.findall(r'icon_name="(\w+)"', source)
    assert set(named) - symbols() == set()


@pytest.mark.parametrize("kind", ["tbc", "changed", "cancelled", "yours", "wait", "mark"])
def test_tag_has_an_icon_and_words(kind):
    mark = render_to_string("_tag.html", {"kind": kind, "words": "Said"})
    assert set(re.findall(r'href="#(\w+)"', mark)) <= symbols()
    assert mark.strip().endswith("Said</span>")


def test_form_ties_hint_and_error_to_the_control():
    page = str(Registration({"mail": "no address"}))
    described = re.search(r'<input type="text" name="name"[^>]*aria-describedby="([^"]+)"', page)
    assert described is not None
    assert described[1].split() == ["id_name_helptext", "id_name_error"]
    assert all(f'id="{name}"' in page for name in described[1].split())
    assert page.count('aria-invalid="true"') == 4


def test_form_summary_links_each_faulty_field_to_something_that_exists():
    page = str(Registration({"mail": "no address"}))
    summary = page[: page.index("</ul>")]
    assert "This key has ended." in summary
    targets = re.findall(r'href="#(id_\w+)"', summary)
    assert targets == ["id_name", "id_mail", "id_papers_group", "id_privacy"]
    assert all(f'id="{target}"' in page for target in targets)


def test_form_without_errors_has_no_summary():
    assert "role" not in str(Registration())


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_error_page_needs_neither_request_nor_database(name, language):
    with translation.override(language):
        page = render_to_string(name)
    direction = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in page
    assert name.removesuffix(".html") in page


def test_no_page_carries_style_or_code_of_its_own():
    """The content security policy would refuse it."""
    for path in TEMPLATES:
        assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", path.read_text()), path
