import html

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from post_office.models import Email

from people.mail import KEY_HEADER
from people.models import Party, Person, User
from tests.editing import delegate, organiser, posted, signed_in, staff

pytestmark = pytest.mark.django_db
SECRET = "https://forum.example/confirm/s3cret"


@pytest.fixture
def root():
    return signed_in(User.objects.create_superuser("root@forum.example", "x"))


@pytest.fixture
def mails(settings):
    settings.EMAIL_BACKEND = "people.mail.RowBackend"
    EmailMessage("Confirm", SECRET, to=["a@forum.example"], headers={KEY_HEADER: "1"}).send()
    EmailMessage("Hello", "Plain <img src=x onerror=alert(1)>", to=["a@forum.example"]).send()
    return Email.objects.order_by("pk")


def test_administration_has_one_door():
    response = Client().get(reverse("admin:login"), {"next": "/admin/"})
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))
    assert Client().get("/admin/")["Location"].startswith(reverse("admin:login"))


def test_delegate_does_not_enter():
    client = signed_in(delegate())
    assert client.get("/admin/", follow=True).status_code == 403


def test_mail_that_carries_a_key_shows_no_text(root, mails, settings):
    pages = [root.get(reverse("admin:post_office_email_change", args=[mail.pk])).content.decode() for mail in mails]
    assert SECRET in pages[0]  # a demo

    settings.DEMO = False
    pages = [root.get(reverse("admin:post_office_email_change", args=[mail.pk])).content.decode() for mail in mails]
    assert SECRET not in pages[0]
    assert "Not shown: this message opens an account." in pages[0]
    assert "a@forum.example" in pages[0]
    assert "Plain &lt;img src=x" in pages[1]
    assert "<img src=x" not in pages[1]
    assert SECRET not in root.get(reverse("admin:post_office_email_changelist")).content.decode()


def test_mail_is_read_only(root, mails):
    address = reverse("admin:post_office_email_change", args=[mails[0].pk])
    assert root.post(address, {"subject": "Other"}).status_code == 403
    assert root.get(reverse("admin:post_office_email_add")).status_code == 403
    assert root.get(f"/admin/post_office/email/{mails[0].pk}/resend/").status_code in (302, 404)
    assert "/admin/post_office/emailtemplate/" not in root.get("/admin/").content.decode()


def test_organiser_cannot_raise_an_account_or_touch_the_highest():
    client = signed_in(organiser())
    other = delegate()
    address = reverse("admin:people_user_change", args=[other.pk])
    data = {**posted(client.get(address)), "is_staff": "on", "is_superuser": "on"}
    assert client.post(address, data).status_code == 302
    other.refresh_from_db()
    assert (other.is_staff, other.is_superuser) == (False, False)
    highest = User.objects.create_superuser("root@forum.example", "x")
    address = reverse("admin:people_user_change", args=[highest.pk])
    assert client.post(address, data).status_code == 403
    assert client.get(reverse("admin:auth_user_password_change", args=[highest.pk])).status_code == 403


def test_account_is_opened_by_e_mail(root):
    response = root.post(reverse("admin:people_user_add"), {"email": "New@Forum.example", "usable_password": "false"})
    assert response.status_code == 302
    assert not User.objects.get(email__iexact="new@forum.example").has_usable_password()
    again = root.post(reverse("admin:people_user_add"), {"email": "new@forum.example", "usable_password": "false"})
    assert "There is an account with this e-mail." in again.content.decode()


def test_party_is_found_in_every_language(marrakesh):
    client = signed_in(organiser())
    for word in ("Maroc", "Marruecos", "المغرب", "MAR"):
        page = client.get(reverse("admin:people_party_changelist"), {"q": word}).content.decode()
        assert "Morocco" in page


def test_names_are_text_in_lists_and_autocomplete(marrakesh):
    bad = "<img src=x onerror=alert(1)>"
    person = Person.objects.create(family_name=bad)
    client = signed_in(organiser())
    for page in (
        client.get(reverse("admin:people_person_changelist")),
        client.get(reverse("admin:people_person_change", args=[person.pk])),
        client.get(reverse("admin:people_person_delete", args=[person.pk])),
    ):
        assert bad not in page.content.decode()
    found = client.get(
        reverse("admin:autocomplete"),
        {"app_label": "schedule", "model_name": "role", "field_name": "person", "term": "img"},
    )
    assert found["Content-Type"] == "application/json"
    assert found.json()["results"] == [{"id": str(person.pk), "text": bad}]


def test_staff_read_parties_and_change_none(marrakesh):
    client = signed_in(staff())
    party = Party.objects.first()
    address = reverse("admin:people_party_change", args=[party.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"code": "X"}).status_code == 403
    assert client.get(reverse("admin:people_party_export")).status_code == 200
    assert client.get(reverse("admin:people_party_import")).status_code == 403


def test_pages_keep_to_the_content_security_policy(marrakesh):
    """No inline script, handler or style, which the policy would block."""
    client = signed_in(organiser())
    party = Party.objects.first()
    for name, args in (
        ("index", []),
        ("people_party_changelist", []),
        ("people_party_change", [party.pk]),
        ("people_party_import", []),
        ("people_party_export", []),
        ("schedule_session_changelist", []),
        ("programme_release_publish", []),
    ):
        page = client.get(reverse(f"admin:{name}", args=args)).content.decode()
        assert " onchange=" not in page, name
        assert " onclick=" not in page, name
        assert " style=" not in page, name
        assert "<style" not in page, name
        for script in page.split("<script")[1:]:
            assert "src=" in script.split(">")[0] or 'type="application/json"' in script.split(">")[0], name


def _in(client, language, address, data=None):
    """As somebody who reads the administration in `language`."""
    User.objects.update(language=language)
    return (client.post(address, data, follow=True) if data else client.get(address)).content.decode()


def test_history_is_told_in_the_language_of_its_reader(marrakesh):
    client = signed_in(organiser())
    party = Party.objects.get(code="MAR")
    address = reverse("admin:people_party_change", args=[party.pk])
    changed = {**posted(client.get(address)), "short_name_fr": "Royaume du Maroc", "sort_key_en": "Maroc"}

    _in(client, "ar", address, changed)
    pages = {
        code: html.unescape(_in(client, code, reverse("admin:people_party_history", args=[party.pk])))
        for code in ("en", "fr", "es")
    }

    assert "Short name, French" in pages["en"]
    assert "Nom abrégé, français" in pages["fr"]
    assert "Short name" not in pages["es"]


def test_names_in_answers_are_isolated_where_the_page_runs_from_the_right(root):
    person = Person.objects.create(given_name="Jane", family_name="Doe")
    address = reverse("admin:people_person_change", args=[person.pk])

    changed = {**posted(root.get(address)), "given_name": "Mary"}
    arabic = _in(root, "ar", address, changed)
    deleted = _in(root, "ar", reverse("admin:people_person_delete", args=[person.pk]), {"post": "yes"})

    assert f"\u2068{Person(given_name='Mary', family_name='Doe')}\u2069" in arabic
    assert f"\u2068{Person(given_name='Mary', family_name='Doe')}\u2069" in deleted
