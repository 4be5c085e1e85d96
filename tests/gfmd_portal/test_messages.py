"""The checks of the messages find what they are for: a planted fault of each sort."""

import sys

import polib
import pytest
from django.conf import settings

sys.path.insert(0, str(settings.BASE_DIR / "bin"))

import check_messages
import check_unmarked
import wording

HEADER = """msgid ""
msgstr ""
"Project-Id-Version: test\\n"
"Language: ar\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=n != 1;\\n"

"""


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>{{ x }} places</p>", "… places"),
        ('<a title="Next day">→</a>', "Next day"),
        ('<nav aria-label="Days {{ x }}"></nav>', "Days …"),
        ('<img alt="Map">', "Map"),
        ('<input placeholder="Name">', "Name"),
        ('<input type="submit" value="Save">', "Save"),
        ('<meta name="description" content="The programme">', "The programme"),
        ('{% if x %}Yes{% else %}{% translate "No" %}{% endif %}', "Yes"),
        ('{% include "_notice.html" with text="Nothing here" %}', "Nothing here"),
        ('{{ x|default:"Not known" }}', "Not known"),
    ],
)
def test_unmarked_text_in_a_template_is_found(source, text):
    assert list(check_unmarked.in_template(f"<div>\n{source}\n</div>")) == [(2, text)]


def test_unmarked_text_in_a_mail_is_found_with_its_line():
    assert list(
        check_unmarked.in_template('{% load x %}\n\nDear {{ name }},\n{% translate "Hello" %}', plain=True)
    ) == [(3, "Dear …,")]


@pytest.mark.parametrize(
    "source",
    [
        '<p title="{% translate "Next" %}">{% translate "Day" %} {{ x }}, 10:00–13:00</p>',
        "{% blocktranslate count n=n %}One place{% plural %}{{ n }} places{% endblocktranslate %}",
        '{% comment %}For people who read the code{% endcomment %}{# and this #}<script type="module">let day</script>',
        '<input type="text" value="Kept"><a class="next day" href="/next/">→</a>{{ day|date:"Ymd" }}',
        '{% include "_notice.html" with text=_("Nothing here") kind="good" %}',
    ],
)
def test_marked_text_in_a_template_is_left_alone(source):
    assert list(check_unmarked.in_template(source)) == []


@pytest.mark.parametrize(
    "source",
    [
        'class A:\n    verbose_name = "fault"',
        'x = models.CharField("fault", max_length=9)',
        'x = forms.CharField(label="fault")',
        'x = models.CharField(_("name"), help_text="fault" if y else _("more"))',
        'x = forms.ModelChoiceField(queryset=y, empty_label="fault")',
        'x = models.CheckConstraint(condition=y, name="of_the_table", violation_error_message="fault")',
        'x = models.CharField(_("name"), choices=[("key", "fault")])',
        'class A(models.TextChoices):\n    ONE = "one", "fault"',
        'do.short_description = "fault"',
        '@admin.action(description="fault")\ndef do(): pass',
        'messages.success(request, f"{name} fault")',
        'messages.error(request, "%s fault" % name)',
        'self.message_user(request, "fault".format(name))',
        'self.log_change(request, row, "fault")',
        'form.add_error("field_of_it", "fault")',
        'raise ValidationError({"field_of_it": "fault"})',
        'raise PublishError("fault", base)',
        'raise RegistrationRefused(Problem(Code.FULL, "fault"))',
    ],
)
def test_unmarked_text_in_python_is_found(source):
    assert [text.strip(" %s{}") for _line, text in check_unmarked.in_python(source)] == ["fault"]


def test_marked_text_in_python_is_left_alone():
    source = """
class A(models.TextChoices):
    ONE = "one", _("One")
x = models.CharField(_("name"), help_text=_("One ") + "– " + gettext("two"), choices=[("key", gettext_lazy("Key"))])
messages.success(request, ngettext("one", "%(n)d many", n) % {"n": n, "key of it": "value"})
raise ValueError("for those who read the log")
"""

    assert check_unmarked.in_python(source) == []


@pytest.mark.parametrize(
    ("language", "text", "says"),
    [
        ("en", "It's full", "straight quotes"),
        ("en", 'The "room"', "straight quotes"),
        ("en", "Wait...", "three dots"),
        ("fr", "l'heure", "straight quotes"),
        ("fr", "Salle : ici", "no U+00A0 before"),
        ("fr", "Salle: ici", "no U+00A0 before"),
        ("fr", "%(x)s: ici", "no U+00A0 before"),
        ("fr", "« Salle\u00a0»", "no U+00A0 after «"),
        ("fr", "“Salle”", "quotes other than"),
        ("es", "Cuándo?", "no ¿"),
        ("ar", "القاعة ٣", "digits that are not Western"),
        ("ar", "القاعة, اليوم", "Latin comma"),
        ("ar", "القـاعة", "a stretched"),
        ("ar", "“القاعة”", "quotes other than"),
    ],
)
def test_signs_of_another_language_are_found(language, text, says):
    (fault,) = wording.faults(text, language)

    assert fault.startswith(says)
    assert fault.endswith(f": {text!r}")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", '<a href="/">The reader’s day</a>: 10:00–13:00'),
        ("fr", "Salle\u00a0: «\u00a0ici\u00a0», à 10:00, https://example.org/?a=b&amp;c"),
        ("es", "¿Cuándo? %(name)s: «mañana»"),
        ("ar", "القاعة 3، «اليوم»: %(x)s؟"),
    ],
)
def test_signs_of_the_language_are_left_alone(language, text):
    assert list(wording.faults(text, language)) == []


def test_signs_are_looked_at_in_every_plural_form():
    entry = polib.POEntry(msgid="one", msgid_plural="many...", msgstr_plural={0: "l'un", 1: "plusieurs"})

    assert [fault.partition(":")[0] for fault in wording.entry_faults(entry, "fr")] == [
        "three dots for …",
        "straight quotes",
    ]


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ('#, python-format\nmsgid "%(n)s here"\nmsgstr "%(m)s ici"', "'m'"),
        ('#, python-format\nmsgid "%(n)s here"\nmsgstr "ici"', "'n'"),
        ('#, python-brace-format\nmsgid "{n} here"\nmsgstr "{m} ici"', "'m'"),
        ('msgid "one"\nmsgid_plural "many"\nmsgstr[0] "un"', "only one plural form"),
    ],
)
def test_places_to_fill_and_plural_forms_are_compared(tmp_path, entry, says):
    catalogue = tmp_path / "django.po"
    catalogue.write_text(HEADER + entry + "\n", encoding="utf-8")

    assert says in "\n".join(check_messages.malformed(catalogue))


def test_catalogues_are_compared_with_the_source(tmp_path):
    kept, wanted = polib.POFile(), polib.POFile()
    for msgid in ("said", "new", "unsure", "empty"):
        wanted.append(polib.POEntry(msgid=msgid))
    kept.append(polib.POEntry(msgid="said", msgstr="dit"))
    kept.append(polib.POEntry(msgid="unsure", msgstr="flou", flags=["fuzzy"]))
    kept.append(polib.POEntry(msgid="empty"))
    kept.append(polib.POEntry(msgid="gone", msgstr="parti"))
    kept.append(polib.POEntry(msgid="old", msgstr="vieux", obsolete=True))

    assert list(check_messages.compare(kept, wanted)) == [
        "missing: 'new'",
        "no longer said: 'gone'",
        "obsolete: 'old'",
        "untranslated: 'empty'",
        "fuzzy: 'unsure'",
    ]


def test_unmarked_text_is_named_with_its_file_and_line(tmp_path):
    folder = tmp_path / "templates" / "programme"
    folder.mkdir(parents=True)
    (folder / "day.html").write_text("\n<p>The day</p>", encoding="utf-8")
    room = tmp_path / "programme"
    (room / "management").mkdir(parents=True)
    (room / "management" / "publish.py").write_text('raise PublishError("for the log")', encoding="utf-8")
    (room / "admin.py").write_text('class A:\n    verbose_name = "day of it"\n', encoding="utf-8")

    assert list(check_unmarked.templates(tmp_path / "templates")) == ["templates/programme/day.html:2: The day"]
    assert list(check_unmarked.python(room)) == ["programme/admin.py:2: day of it"]
