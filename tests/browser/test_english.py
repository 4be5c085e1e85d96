import pytest

from .english import english_in, english_in_text

PAGE = """<!doctype html><html lang="fr"><head><title>Sign in</title></head><body>
  <h1>Programme</h1>
  <p>Le Forum se tient à Marrakech. Écrivez à <a href="#">help@forum.example</a>.</p>
  <p>Approval of the report</p>
  <p lang="en">Approval of the agenda</p>
  <p lang="en">In English <span lang="fr">Home of the week</span></p>
  <p><bdi dir="ltr">State of the art</bdi> <code>the key</code> <b translate="no">The Palm</b></p>
  <img alt="Map of the venue"><button aria-label="Close the menu">×</button>
  <input type="text" value="Kept by the reader" placeholder="Name of the room">
  <input type="submit" value="Save">
  <textarea placeholder="Reason for this">Because of the rain</textarea>
  <select><optgroup label="Rooms of the venue"><option>All dates of the week</option></optgroup></select>
  <script>const text = "of the script"</script>
</body></html>"""


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Save"),  # Django's
        ("fr", "SAVE:"),
        ("fr", "Sign In"),  # allauth's
        ("fr", "A place has been given to you"),
        ("es", "The programme of the day"),
        ("es", "Delete selected sessions"),  # "Delete selected %(verbose_name_plural)s"
        ("ar", "Programme"),
        ("ar", "القاعة Menara"),
    ],
)
def test_english_is_found(language, text):
    assert english_in_text(text, language) == [text]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The programme of the day"),
        ("fr", "Programme"),
        ("fr", "Les séances de la journée sont publiées."),
        ("es", "No"),
        ("es", "Has pedido una plaza: el programa está publicado."),
        ("fr", "Écrivez à portal@example.org ou à https://forum.example/en/about/the-forum/"),
        ("ar", "برنامج يوم 10:00–13:00 (PDF)"),
        ("ar", "اكتبوا إلى portal@example.org"),
        ("ar", "قاعة \u2066Menara\u2069"),
    ],
)
def test_other_languages_are_left_alone(language, text):
    assert english_in_text(text, language) == []


def test_english_in_a_mail_is_named_by_line():
    mail = "Bonjour,\n\nYour place is confirmed.\nVoir le programme : https://forum.example/fr/\n"

    assert english_in_text(mail, "fr") == ["Your place is confirmed."]


@pytest.mark.browser
def test_english_on_a_page_is_found_outside_marked_passages(chromium):
    page = chromium.new_page()
    page.set_content(PAGE)

    found = english_in(page, "fr")
    page.close()

    assert found == [
        "Sign in",
        "Approval of the report",
        "Home of the week",
        "All dates of the week",
        "Map of the venue",
        "Close the menu",
        "Name of the room",
        "Reason for this",
        "Save",
        "Rooms of the venue",
    ]
