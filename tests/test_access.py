"""Every address as every role. An address that this table does not know fails."""

import uuid
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, get_resolver, reverse

from documents.services import request_document
from people.models import Person, User
from registrations import demo
from registrations.models import Delegate, Registration, Seating
from registrations.services import register, upload_letter
from registrations.services.photographs import keep_photograph

ROLES = ["", "observer", "delegate", "staff", "organiser"]
PUBLIC = (200,) * 5
SIGNED_IN = (302, 200, 200, 200, 200)
OWN = (302, 404, 200, 200, 200)  # a print of the delegate: staff and organisers too
OFFICE = (302, 302, 302, 200, 200)
PREVIEW = (302, 403, 403, 403, 200)
AT_THE_DOOR = (302, 403, 403, 200, 200)
AT_THE_DOOR_BY_POST = (302, 403, 403, 405, 405)
POST_ONLY = (302, 405, 405, 405, 405)
NOT_THERE = (302, 404, 404, 404, 404)  # another delegation’s, to all but its focal points
NOWHERE = uuid.UUID(int=0)
IN_OR_OUT = (200, 302, 302, 302, 302)  # pages for those who are not signed in

PAGES = {
    "home": {}, "programme": {}, "day": {"day": date(2018, 12, 6)}, "themes": {}, "theme": {"number": 1},
    "roundtable": {"number": "2.2"}, "workshops": {}, "session": {"slug": "labour-migration"}, "sections": {},
    "section": {"slug": "introduction"}, "commitments": {},
}  # fmt: skip

# name → arguments, then the status for a stranger, another delegation, the delegate, staff, organisers
TABLE: dict[str, tuple[dict, tuple[int, ...]]] = {
    "root": ({}, (302,) * 5),
    "healthz": ({}, PUBLIC),
    "readyz": ({}, PUBLIC),
    "verify": ({"code": "NOSUCHCODE"}, (404,) * 5),
    # Invitations
    "registrations:delegation-invitations": ({"uuid": "delegation"}, NOT_THERE),
    "registrations:delegation-import": ({"uuid": "delegation"}, NOT_THERE),
    "registrations:delegation-import-template": ({"uuid": "delegation"}, NOT_THERE),
    "registrations:invitation-again": ({"uuid": NOWHERE, "invitation": NOWHERE}, POST_ONLY),
    "registrations:invitation-withdraw": ({"uuid": NOWHERE, "invitation": NOWHERE}, NOT_THERE),
    "registrations:invitation": ({"key": "no-such-key"}, (404,) * 5),
    "people:corner": ({}, PUBLIC),
    "people:account": ({}, SIGNED_IN),
    **{f"programme:{name}": (arguments, PUBLIC) for name, arguments in PAGES.items()},
    **{f"programme:preview-{name}": (arguments, PREVIEW) for name, arguments in PAGES.items()},
    "programme:paper": ({"slug": "roundtable-2-2", "uuid": NOWHERE}, (404,) * 5),
    "programme:preview-paper": ({"slug": "roundtable-2-2", "uuid": NOWHERE}, (302, 403, 403, 403, 404)),
    "programme:accessibility": ({}, PUBLIC),
    "programme:releases": ({}, PUBLIC),
    "programme:changes": ({"number": 1}, PUBLIC),
    "programme:now": ({}, (200,) * 5),
    "programme:search": ({}, PUBLIC),
    "programme:version": ({}, PUBLIC),
    "programme:manifest": ({}, PUBLIC),
    "programme:offline": ({}, PUBLIC),
    "programme:rooms": ({}, PUBLIC),
    "programme:room-now": ({"room": "oliveraie"}, PUBLIC),
    "programme:room-now-at": ({"venue": "palmeraie", "room": "oliveraie"}, PUBLIC),
    "worker": ({}, PUBLIC),
    "programme:calendar": ({}, PUBLIC),
    "programme:calendar-day": ({"day": date(2018, 12, 6)}, PUBLIC),
    "programme:calendar-theme": ({"number": 1}, PUBLIC),
    "programme:calendar-room": ({"venue": "palmeraie", "room": "oliveraie"}, PUBLIC),
    "programme:calendar-session": ({"slug": "labour-migration"}, PUBLIC),
    "programme:schedule-xml": ({}, PUBLIC),
    "programme:schedule-json": ({}, PUBLIC),
    "programme:releases-atom": ({}, PUBLIC),
    "programme:commitments-csv": ({}, PUBLIC),
    "programme-ics": ({}, PUBLIC),
    "programme-xml": ({}, PUBLIC),
    "programme-json": ({}, PUBLIC),
    "api:openapi": ({}, PUBLIC),
    "api:forums": ({}, PUBLIC),
    **{
        f"api:{name}": ({"forum": "marrakesh-2018", **arguments}, PUBLIC)
        for name, arguments in {
            "forum": {},
            "releases": {},
            "release": {"number": 1},
            "changes": {"number": 1},
            "sessions": {},
            "session": {"slug": "labour-migration"},
            "roundtables": {},
            "themes": {},
            "theme": {"number": 1},
            "rooms": {},
            "commitments": {},
            "references": {},
        }.items()
    },
    "sitemap": ({}, PUBLIC),
    "robots": ({}, PUBLIC),
    "registrations:my": ({}, SIGNED_IN),
    "registrations:seat-panel": ({"slug": "roundtable-2-2"}, PUBLIC),
    "registrations:delegation": ({}, SIGNED_IN),
    "registrations:delegation-page": ({"uuid": "delegation"}, NOT_THERE),
    "registrations:delegate-add": ({"uuid": "delegation"}, NOT_THERE),
    "registrations:delegation-order": ({"uuid": "delegation"}, NOT_THERE),
    "registrations:delegation-head": ({"uuid": "delegation"}, NOT_THERE),
    "registrations:delegation-key": ({"uuid": "delegation"}, NOT_THERE),
    "registrations:delegation-letters": ({"uuid": "delegation"}, NOT_THERE),
    "registrations:delegation-letter-follows": ({"uuid": "delegation"}, POST_ONLY),
    "registrations:letter": ({"uuid": "letter"}, (302, 404, 404, 404, 200)),
    "registrations:letter-remove": ({"uuid": "letter"}, NOT_THERE),
    "registrations:delegate": ({"uuid": "delegate"}, NOT_THERE),
    "registrations:delegate-again": ({"uuid": "delegate"}, POST_ONLY),
    "registrations:delegate-replace": ({"uuid": "delegate"}, NOT_THERE),
    "registrations:delegate-withdraw": ({"uuid": "delegate"}, NOT_THERE),
    "registrations:release": ({"uuid": "registration"}, (302, 404, 200, 404, 404)),
    "registrations:my-calendar-key": ({}, POST_ONLY),
    "registrations:my-calendar": ({"key": "no-such-key"}, (404,) * 5),
    "registrations:my-data": ({}, SIGNED_IN),
    "registrations:my-data-file": ({}, SIGNED_IN),
    "registrations:my-erasure": ({}, SIGNED_IN),
    "registrations:my-needs": ({}, (302, 200, 200, 404, 404)),
    "registrations:my-photograph": ({}, (302, 200, 200, 404, 404)),
    "registrations:photograph": ({"uuid": "photographed"}, (302, 404, 200, 404, 200)),
    "registrations:check-in": ({}, AT_THE_DOOR),
    "registrations:check-in-session": ({"slug": "roundtable-2-2"}, AT_THE_DOOR),
    "registrations:check-in-plates": ({"slug": "roundtable-2-2"}, AT_THE_DOOR_BY_POST),
    "registrations:check-in-take-back": ({"slug": "roundtable-2-2", "uuid": "registration"}, AT_THE_DOOR_BY_POST),
    "registrations:delegation-places": ({"uuid": "delegation"}, (302, 404, 404, 404, 404)),  # for its focal points
    "registrations:place-release": ({"uuid": "registration"}, (302, 404, 404, 404, 404)),
    "documents:list": ({}, SIGNED_IN),
    "documents:ask": ({}, SIGNED_IN),
    "documents:queue": ({}, SIGNED_IN),
    "documents:zip": ({}, (302, 302, 302, 302, 302)),  # nothing is ready yet
    "documents:rebuild": ({}, POST_ONLY),
    "documents:prepare": ({}, POST_ONLY),
    "documents:my-pack": ({}, SIGNED_IN),
    "documents:my-pack-file": ({"uuid": "document"}, (302, 404, 404, 404, 404)),  # not built yet
    "documents:document": ({"uuid": "document"}, OWN),
    "documents:runs": ({}, (302, 404, 404, 200, 200)),
    "documents:run-line": ({"uuid": NOWHERE}, (302, 404, 404, 404, 404)),
    "documents:run": ({"uuid": NOWHERE}, (302, 404, 404, 404, 404)),
    "documents:run-supplement": ({"uuid": NOWHERE}, POST_ONLY),
    "documents:run-file": ({"uuid": NOWHERE, "number": 1}, (302, 404, 404, 404, 404)),
    "documents:run-file-again": ({"uuid": NOWHERE, "number": 1}, POST_ONLY),
    "documents:document-again": ({"uuid": "document"}, POST_ONLY),
    "documents:document-issue": ({"uuid": "paper"}, (302, 403, 403, 403, 200)),
    "documents:document-download": ({"uuid": "document"}, (302, 404, 404, 404, 404)),  # not built yet
    "account_login": ({}, IN_OR_OUT),
    "account_signup": ({}, IN_OR_OUT),
    "account_request_login_code": ({}, IN_OR_OUT),
    "account_confirm_login_code": ({}, (302,) * 5),
    "account_logout": ({}, (302, 200, 200, 200, 200)),
    "account_inactive": ({}, PUBLIC),
    "account_reauthenticate": ({}, (302, 200, 200, 200, 200)),
    "account_email": ({}, SIGNED_IN),
    "account_email_verification_sent": ({}, PUBLIC),
    "account_confirm_email": ({"key": "no-such-key"}, PUBLIC),
    "account_change_password": ({}, SIGNED_IN),
    "account_set_password": ({}, (302, 302, 302, 302, 302)),
    "account_reset_password": ({}, PUBLIC),
    "account_reset_password_done": ({}, PUBLIC),
    "account_reset_password_from_key": ({"uidb36": "1", "key": "no-such-key"}, PUBLIC),
    "account_reset_password_from_key_done": ({}, PUBLIC),
}
ADMIN = {
    "admin:index": OFFICE,
    "admin:roundtables_roundtable_changelist": OFFICE,
    "admin:roundtables_roundtable_add": (302, 302, 302, 403, 200),
    "admin:schedule_session_changelist": OFFICE,
    "admin:registrations_delegate_changelist": OFFICE,
    "admin:registrations_platecount_changelist": OFFICE,
    "admin:registrations_platecount_add": (302, 302, 302, 403, 403),
    "admin:registrations_letterdraw_changelist": OFFICE,
    "admin:registrations_letterdraw_add": (302, 302, 302, 403, 200),
    "admin:registrations_delegate_duplicates": (302, 302, 302, 403, 200),
    "admin:registrations_delegate_on_the_spot": (302, 302, 302, 403, 200),
    "admin:registrations_registration_overlaps": (302, 302, 302, 403, 404),  # none is chosen
    "admin:registrations_delegate_decide": (302, 302, 302, 403, 404),  # about nobody
    "admin:registrations_invitation_changelist": (302, 302, 302, 403, 200),
    "admin:registrations_invitation_add": (302, 302, 302, 403, 200),
    "admin:programme_release_changelist": OFFICE,
    "admin:programme_release_publish": (302, 302, 302, 403, 200),
    "admin:programme_release_translations": (302, 302, 302, 403, 200),
    "admin:programme_import_changelist": OFFICE,
    "admin:programme_import_read": (302, 302, 302, 403, 200),
    "admin:people_user_changelist": (302, 302, 302, 403, 200),
    "admin:post_office_email_changelist": (302, 302, 302, 403, 200),
    "admin:documents_document_changelist": OFFICE,
    "admin:registrations_erasurerequest_changelist": (302, 302, 302, 403, 200),
}

# pages of the administration about one row: name → arguments, statuses
ADMIN_OF_ONE: dict[str, tuple[dict, tuple[int, ...]]] = {
    "admin:registrations_delegation_accept": ({"pk": "delegation_pk"}, (302, 302, 302, 403, 200)),
    "admin:registrations_delegate_pair": ({"one": "person", "other": "namesake"}, (302, 302, 302, 403, 200)),
    "admin:registrations_delegation_letter": ({"uuid": "letter"}, (302, 302, 302, 403, 200)),
}


@pytest.fixture
def rows(published, marrakesh, now):
    """A place and a print of the delegate; another delegation and an unpublished change are there too."""
    demo.create(forum=marrakesh, password="a long enough password", now=now)
    delegate = Delegate.objects.get(person__user__email="delegate@example.org")
    account = User.objects.get(email="delegate@example.org")
    seating = Seating.objects.get(session__slug="roundtable-2-2")
    register(seating=seating, delegate=delegate, by=account, now=now)
    document = request_document(kind="participant_pack", subject=str(delegate.uuid), language="en", by=account)
    registration = Registration.objects.get(delegate=delegate)
    keep_photograph(person=delegate.person, picture=b"a picture")
    letter = upload_letter(
        delegation=delegate.delegation,
        file=SimpleUploadedFile("Note.pdf", b"%PDF-1.7"),
        by=User.objects.get(email="focalpoint@example.org"),
        now=now,
    )
    return {
        "registration": registration.uuid,
        "document": document.uuid,
        "paper": request_document(kind="agenda", subject="", language="en", by=None).uuid,
        "delegation": delegate.delegation.uuid,
        "delegation_pk": delegate.delegation_id,
        "delegate": delegate.uuid,
        "letter": letter.uuid,
        "photographed": delegate.person.uuid,
        "person": delegate.person_id,
        "namesake": Person.objects.create(family_name=delegate.person.family_name).pk,
    }


def every_name(resolver=None, prefix=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}"
        else:
            yield from every_name(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)


def test_every_address_is_in_the_table():
    ours = {name for name in every_name() if not name.startswith("admin:")}

    assert ours - TABLE.keys() == set()
    assert TABLE.keys() - ours == set()


@pytest.mark.parametrize("role", ROLES)
def test_every_address_answers_each_role_as_it_should(client, rows, role):
    if role:
        client.force_login(User.objects.get(email=f"{role}@example.org"))
    wanted = {name: statuses[ROLES.index(role)] for name, (_arguments, statuses) in TABLE.items()}
    wanted |= {name: statuses[ROLES.index(role)] for name, statuses in ADMIN.items()}
    wanted |= {name: statuses[ROLES.index(role)] for name, (_arguments, statuses) in ADMIN_OF_ONE.items()}

    answers = {}
    for name in wanted:
        named = {**TABLE, **ADMIN_OF_ONE}.get(name, ({}, ()))[0]
        arguments = {key: rows.get(value, value) for key, value in named.items()}
        answers[name] = client.get(reverse(name, kwargs=arguments)).status_code

    assert answers == wanted


def test_unknown_rows_are_not_there(client, rows):
    client.force_login(User.objects.get(email="delegate@example.org"))
    unknown = uuid.uuid4()

    for name in ("documents:document", "documents:document-download", "registrations:release"):
        assert client.get(reverse(name, kwargs={"uuid": unknown})).status_code == 404
