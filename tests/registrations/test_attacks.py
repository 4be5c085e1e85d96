"""What was done to comparable systems, tried on delegations; docs/security.md says where the rest is tried."""

import json

import pytest
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from post_office.models import Email

from people import mail
from people.models import Party, Person, User
from registrations import services
from registrations.badges import code_of
from registrations.models import Delegate, FocalPoint, Invitation, Letter
from registrations.urls import urlpatterns
from tests.registrations import scene

NOW = scene.NOW
HOSTILE = '"><img src=x onerror=alert(1)>'
PASSWORD = "a long enough password"


@pytest.fixture
def organiser(db):
    return User.objects.create_superuser("highest@example.org", PASSWORD)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def pages(summit):
    """Every page on the side of delegations that is there for one who is delegate and focal point of Kenya."""
    rows = {
        "delegation-page": summit.kenya, "delegation-places": summit.kenya, "delegation-invitations": summit.kenya,
        "delegation-import": summit.kenya, "delegation-head": summit.kenya, "delegation-key": summit.kenya,
        "delegation-letters": summit.kenya, "delegation-order": summit.kenya, "delegate-add": summit.kenya,
        "delegate": summit.kamau, "delegate-replace": summit.kamau, "delegate-withdraw": summit.kamau,
        "place-release": summit.wanjiru.registrations.get(), "release": summit.wanjiru.registrations.get(),
        "letter-remove": summit.kenya.letters.get(), "photograph": summit.wanjiru.person,
    }  # fmt: skip
    plain = ("my", "my-data", "my-data-file", "my-erasure", "my-needs", "my-photograph", "delegation")
    return {
        **{name: reverse(f"registrations:{name}", args=[row.uuid]) for name, row in rows.items()},
        **{name: reverse(f"registrations:{name}") for name in plain},
        "seat-panel": reverse("registrations:seat-panel", args=["a"]),
    }


def test_markup_in_names_is_text_on_every_page_and_in_every_mail(full, organiser):
    summit = full
    Person.objects.update(given_name=HOSTILE, family_name=HOSTILE, arabic_name=HOSTILE, honorific=HOSTILE[:40])
    Party.objects.update(short_name_en=HOSTILE, short_name=HOSTILE)
    Delegate.objects.update(function=HOSTILE)
    Letter.objects.update(name=f"{HOSTILE}.pdf")
    Email.objects.update(subject=HOSTILE)
    row = summit.wanjiru.registrations.get()
    wanjiru, office = signed_in(User.objects.get(email="wanjiru@example.org")), signed_in(organiser)
    registered = [one for one in admin.site._registry if one._meta.app_label == "registrations"]
    lists = [reverse(f"admin:registrations_{one._meta.model_name}_changelist") for one in registered]
    forms = [
        reverse(f"admin:registrations_{found._meta.model_name}_change", args=[found.pk])
        for found in (model.objects.first() for model in registered)
        if found
    ]
    pair = reverse("admin:registrations_delegate_pair", args=[summit.wanjiru.person_id, summit.kofi.person_id])
    door = reverse("registrations:check-in-session", args=["a"])

    answers = {
        **{name: wanjiru.get(path) for name, path in pages(summit).items()},
        **{path: office.get(path) for path in [*lists, *forms, pair, reverse("admin:index")]},
        "found": office.get(
            "/admin/autocomplete/?app_label=registrations&model_name=registration&field_name=delegate&term=img"
        ),
        "door": office.post(door, {"code": code_of(summit.wanjiru.person)}),
    }  # fmt: skip
    Email.objects.all().delete()
    services.release(registration=row, by=organiser, now=NOW)
    for delegate in Delegate.objects.filter(pk__in=[summit.wanjiru.pk, summit.kofi.pk]):
        services.register(seating=summit.c, delegate=delegate, by=None, now=NOW)
        services.decide(delegate=delegate, to=Delegate.State.WITHDRAWN, by=organiser, now=NOW, reason=HOSTILE)

    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code != 200} == {}
    named = {name: answer for name, answer in answers.items() if "html" in answer["Content-Type"]}
    assert [name for name, answer in named.items() if "<img src=x" in answer.content.decode()] == []
    assert sum("&lt;img src=x" in answer.content.decode() for answer in named.values()) > 20
    assert Email.objects.count() >= 4
    assert not Email.objects.filter(html_message__contains="<img src=x").exists()


def test_no_page_of_delegates_is_kept_by_a_browser_or_between(full):
    client = signed_in(User.objects.get(email="wanjiru@example.org"))

    kept = {name: client.get(path).headers.get("Cache-Control", "") for name, path in pages(full).items()}

    assert [name for name, header in kept.items() if not {"no-store", "private"} <= set(header.split(", "))] == []
    posts = {
        "delegation-letter-follows",
        "delegate-again",
        "invitation-again",
        "invitation-withdraw",
        "my-calendar-key",
    }
    elsewhere = {
        "letter",
        "invitation",
        "delegation-import-template",
        "my-calendar",
    }  # tests/registrations/test_delegation_page …
    doors = {pattern.name for pattern in urlpatterns if pattern.name.startswith("check-in")}
    assert {pattern.name for pattern in urlpatterns} - kept.keys() == posts | elsewhere | doors


def test_no_page_is_framed_by_others_or_takes_a_post_without_its_token(full):
    user = User.objects.get(email="wanjiru@example.org")
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)

    for name, path in pages(full).items():
        assert "frame-ancestors 'none'" in client.get(path).headers["Content-Security-Policy"], name
        assert client.post(path, headers={"Origin": "https://evil.example"}).status_code == 403, name


@pytest.mark.parametrize("name", ["Evil\r\nBcc: victim@example.org", "Evil\nSubject: Other", "Evil\x00\u202elive\x07"])
def test_lines_and_turns_in_a_name_bring_no_header_into_a_mail(summit, organiser, settings, tmp_path, name):
    settings.MAIL_DELIVERY = {
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "EMAIL_FILE_PATH": str(tmp_path),
    }
    focal = User.objects.create_user("focal@example.org")
    FocalPoint.objects.create(delegation=summit.kenya, user=focal)
    client = signed_in(focal)
    added = reverse("registrations:delegate-add", args=[summit.kenya.uuid])

    client.post(added, {"family_name": name, "function": name, "languages": ["en"]})
    for delegate in Delegate.objects.filter(state="submitted"):
        services.decide(delegate=delegate, to="returned", by=organiser, now=NOW, reason=name.replace("\x00", ""))
    client.post(
        reverse("registrations:delegation-invitations", args=[summit.kenya.uuid]),
        {"emails": "new@example.org\r\nBcc: victim@example.org", "language": "en"},
    )
    while mail.deliver_next():
        pass

    assert not Person.objects.filter(family_name__regex=r"[\x01-\x1f\u202a-\u202e]").exists()
    heads = [path.read_text().partition("\n\n")[0] for path in tmp_path.iterdir()]
    assert not [head for head in heads if "victim" in head or head.count("Subject:") != 1]
    assert not Invitation.objects.filter(email__contains="\n").exists()


def test_name_of_a_file_brings_no_header_and_leads_nowhere(summit, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    focal = User.objects.create_user("focal@example.org")
    FocalPoint.objects.create(delegation=summit.kenya, user=focal)
    client = signed_in(focal)
    letters = reverse("registrations:delegation-letters", args=[summit.kenya.uuid])

    for name in ('../../x"; filename="a.html', "a\r\nX-Evil: yes.pdf", "..\\..\\a.svg"):
        client.post(letters, {"file": SimpleUploadedFile(name, b"%PDF-1.7 <script>alert(1)</script>")})

    assert summit.kenya.letters.count() == 3
    for letter in summit.kenya.letters.all():
        answer = client.get(reverse("registrations:letter", args=[letter.uuid]))
        assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
        assert answer["Content-Disposition"].startswith("attachment")
        assert "X-Evil" not in answer.headers
        assert ".." not in letter.file.name
    assert client.get(f"/media/{letter.file.name}").status_code == 404
    assert client.get(f"/{letter.file.name}").status_code == 404


def test_session_is_a_new_one_after_signing_in_and_others_end_with_the_password(summit):
    anna = User.objects.create_user("anna@example.org", PASSWORD)
    EmailAddress.objects.create(user=anna, email=anna.email, verified=True, primary=True)
    client, elsewhere = Client(), Client()
    for one in (client, elsewhere):
        session = one.session  # made by whoever planted it
        session["planted"] = "yes"
        session.save()
    planted = client.session.session_key

    for one in (client, elsewhere):
        one.post("/en/accounts/login/", {"login": "anna@example.org", "password": PASSWORD})

    assert client.session.session_key != planted
    assert client.get("/en/my/").status_code == 200
    assert elsewhere.get("/en/my/").status_code == 200
    new = "another long enough password"
    fields = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client.post("/en/accounts/password/change/", fields)
    anna.refresh_from_db()
    assert anna.check_password(new)
    assert elsewhere.get("/en/my/").status_code == 302


def test_links_in_mails_are_ours_whatever_host_was_asked(summit, settings):
    settings.ALLOWED_HOSTS = ["*"]
    anna = User.objects.create_user("anna@example.org", PASSWORD)
    EmailAddress.objects.create(user=anna, email=anna.email, verified=True, primary=True)
    client = Client(headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})

    client.post("/en/accounts/password/reset/", {"email": "anna@example.org"})
    client.post("/en/accounts/login/code/", {"email": "anna@example.org"})

    assert Email.objects.count() == 2
    assert "evil" not in json.dumps(list(Email.objects.values("subject", "message", "html_message", "headers")))


def test_keys_of_others_tell_nothing(wanjiru_client, summit):
    """An unknown key, an ended one of another forum and one that is no key: one sentence, and no name of a party."""
    answers = []
    for key in ("AAAAA-AAAAA-AAAAA-AAAAA", "x", "' OR 1=1 --", "%" * 40):
        page = wanjiru_client.post("/en/my/", {"registration_key": key, "family_name": "A", "agreed": "on"})
        answers.append("No delegation has this key." in page.content.decode())
        assert "Ghana" not in page.content.decode()
    assert answers == [True] * 4


def test_nobody_is_found_by_searching(client, full):
    """Persons stand in no search and no public file; whoever is not of the office gets no names while typing."""
    Person.objects.update(family_name="Kipekee", may_be_listed=True)

    found, nothing = (
        [
            client.get(path + word).content.decode()
            for path in ("/en/search/?q=", "/programme.json?q=", "/en/programme/?q=")
        ]
        for word in ("Kipekee", "Kisicho")
    )

    assert found == [answer.replace("Kisicho", "Kipekee") for answer in nothing]  # the word that was asked, no more
    autocomplete = "/admin/autocomplete/?app_label=registrations&model_name=delegate&field_name=person&term=Kip"
    assert client.get(autocomplete).status_code == 302
    assert signed_in(User.objects.get(email="kofi@example.org")).get(autocomplete).status_code == 302


def test_fields_that_are_not_on_the_form_change_nothing(summit):
    focal = User.objects.create_user("focal@example.org")
    FocalPoint.objects.create(delegation=summit.kenya, user=focal)

    signed_in(focal).post(
        reverse("registrations:delegate-add", args=[summit.kenya.uuid]),
        {
            "family_name": "Mgeni",
            "function": "Adviser",
            "languages": ["en"],
            "state": "accredited",
            "delegation": summit.ghana.pk,
            "accredited_at": NOW,
            "has_temporary_pass": "on",
            "protocol_rank": 1,
            "person": summit.kofi.person_id,
        },
    )

    [entered] = Delegate.objects.filter(person__family_name="Mgeni")
    assert (entered.state, entered.delegation, entered.has_temporary_pass) == ("submitted", summit.kenya, False)
    assert entered.person.protocol_rank is None
