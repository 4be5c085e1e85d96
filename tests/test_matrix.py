"""Every act as every role: who gets it done, and what the others are answered. What the table does not know fails."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from PIL import Image
from post_office.models import Email

from people.models import Person, User
from programme.models import PublishedSession, Release
from registrations import demo, services
from registrations import urls as addresses
from registrations.badges import code_of
from registrations.models import Delegate, Delegation, FocalPoint, Invitation, Registration, Seating
from registrations.models.nominations import digest_of
from tests import administration

STRANGER, DELEGATE, OTHER_DELEGATE, FOCAL_POINT, OTHER_FOCAL_POINT, STAFF, ORGANISER = ROLES = (
    "", "delegate", "observer", "focalpoint", "otherfocalpoint", "staff", "organiser",
)  # fmt: skip
SIGNED_IN, DELEGATES = set(ROLES) - {STRANGER}, {DELEGATE, OTHER_DELEGATE}
OWN_DELEGATION, AT_THE_DOOR = {FOCAL_POINT}, {STAFF, ORGANISER}
ENTRY = {"family_name": "Mgeni", "function": "Adviser", "languages": ["en"]}

# address → arguments, what is posted, who gets it done, what the others are answered (a stranger is asked to sign in)
ACTS: dict[str, tuple[dict[str, str], Callable[[dict[str, Any]], dict[str, Any]], set[str], int]] = {
    "my": ({}, lambda rows: {**ENTRY, "registration_key": rows["other_key"], "agreed": "on"}, SIGNED_IN, 0),
    "my-calendar-key": ({}, lambda rows: {}, SIGNED_IN, 0),
    "my-data": ({}, lambda rows: {"may_be_listed": "yes"}, DELEGATES, 200),
    "my-erasure": ({}, lambda rows: {}, SIGNED_IN, 0),
    "my-needs": ({}, lambda rows: {"needs": "A chair with arms"}, DELEGATES, 404),
    "my-photograph": ({}, lambda rows: {"photograph": picture()}, DELEGATES, 404),
    "seat-panel": ({"slug": "roundtable-3-1"}, lambda rows: {}, {DELEGATE}, 302),
    "release": ({"uuid": "registration"}, lambda rows: {}, {DELEGATE}, 404),
    "delegation-order": (
        {"uuid": "delegation"},
        lambda rows: {"delegate": rows["delegate"], "move": "down"},
        OWN_DELEGATION,
        404,
    ),
    "delegation-head": ({"uuid": "delegation"}, lambda rows: {"delegate": rows["delegate"]}, OWN_DELEGATION, 404),
    "delegation-key": ({"uuid": "delegation"}, lambda rows: {}, OWN_DELEGATION, 404),
    "delegate-add": ({"uuid": "delegation"}, lambda rows: ENTRY, OWN_DELEGATION, 404),
    "delegate": ({"uuid": "delegate"}, lambda rows: {**rows["names"], "function": "Chair"}, OWN_DELEGATION, 404),
    "delegate-again": ({"uuid": "withdrawn"}, lambda rows: {}, OWN_DELEGATION, 404),
    "delegate-replace": ({"uuid": "delegate"}, lambda rows: ENTRY, OWN_DELEGATION, 404),
    "delegate-withdraw": ({"uuid": "delegate"}, lambda rows: {}, OWN_DELEGATION, 404),
    "delegation-letters": ({"uuid": "delegation"}, lambda rows: {"file": letter()}, OWN_DELEGATION, 404),
    "delegation-letter-follows": ({"uuid": "delegation"}, lambda rows: {"follows": "no"}, OWN_DELEGATION, 404),
    "letter-remove": ({"uuid": "letter"}, lambda rows: {}, OWN_DELEGATION, 404),
    "delegation-import": ({"uuid": "delegation"}, lambda rows: {"kept": "nothing"}, set(), 404),  # tests/…/test_sheet
    "delegation-invitations": (
        {"uuid": "delegation"},
        lambda rows: {"emails": "mgeni@example.org", "language": "en"},
        OWN_DELEGATION,
        404,
    ),
    "invitation-again": ({"uuid": "delegation", "invitation": "invitation"}, lambda rows: {}, OWN_DELEGATION, 404),
    "invitation-withdraw": ({"uuid": "delegation", "invitation": "invitation"}, lambda rows: {}, OWN_DELEGATION, 404),
    "invitation": ({"key": "a-key"}, lambda rows: {**ENTRY, "agreed": "on"}, SIGNED_IN, 0),  # it is for whoever has it
    "delegation-places": (
        {"uuid": "delegation"},
        lambda rows: {"act": f"take {rows['session']} {rows['delegate']}"},
        OWN_DELEGATION,
        404,
    ),
    "place-release": ({"uuid": "registration"}, lambda rows: {"delegate": rows["delegate"]}, OWN_DELEGATION, 404),
    "check-in-session": ({"slug": "roundtable-2-2"}, lambda rows: {"code": rows["code"]}, AT_THE_DOOR, 403),
    "check-in-plates": ({"slug": "roundtable-2-2"}, lambda rows: {"plates": "5"}, AT_THE_DOOR, 403),
    "check-in-take-back": ({"slug": "roundtable-2-1", "uuid": "attended"}, lambda rows: {}, AT_THE_DOOR, 403),
}
READ_ONLY = {
    "check-in", "delegation", "delegation-page", "delegation-import-template", "letter", "my-calendar",
    "my-data-file", "photograph",
}  # fmt: skip

# service → the acts that reach it, those of organisers among them; what follows from the programme is a task, and
# what only reads is not an act
TASK, READS = "task", "reads"
SERVICES: dict[str, set[str]] = {
    "accept_invitation": {"invitation"},
    "accept_list": {"delegation_accept"},
    "accept_overlap": {"registration_overlaps"},
    "accredit": {"delegate_on_the_spot"},
    "accredit_on_the_spot": {"delegate_on_the_spot"},
    "add_delegates": {"delegate-add", "delegation-import"},
    "arrange_places": {"delegationcategory_change", TASK},
    "check_in": {"check-in-session"},
    "count_plates": {"check-in-plates"},
    "decide": {"delegate-withdraw"},
    "decide_each": {"delegate_decide"},
    "draw_letter": {"letterdraw_add"},
    "edit_delegate": {"delegate"},
    "enrol": {"my", "invitation"},
    "find_delegation": {READS},
    "find_invitation": {READS},
    "follow_releases": {TASK},
    "give_up": {"release"},
    "grant_exception": {"seatexception_add"},
    "hand_back": {"place-release"},
    "invite": {"delegation-invitations", "invitation-again", "invitation_add", "send_again"},
    "is_spoken_for": {READS},
    "join_delegation": {"my"},
    "name": {"delegation-places"},
    "name_head": {"delegation-head"},
    "names_are_open": {READS},
    "open_to": {READS},
    "order_delegates": {"delegation-order"},
    "promote": {"promote_chosen"},
    "register": {"seat-panel", "delegation-places"},
    "release": {"release_chosen"},
    "remove_letter": {"letter-remove"},
    "replace": {"delegate-replace"},
    "same_person": {"delegate_pair"},
    "send_again": {"delegate", "delegate-again"},
    "speak_for": {"delegate-add", "delegate"},
    "standing": {READS},
    "swap": {"seat-panel"},
    "take_back": {"check-in-take-back"},
    "take_out": {"delegation-places"},
    "two_persons": {"delegate_pair, two"},
    "upload_letter": {"delegation-letters"},
    "vacate": {"delegation-places"},  # by `take_out`
    "withdraw_invitation": {"invitation-withdraw", "withdraw_chosen, invitations"},
}


def picture():
    file = io.BytesIO()
    Image.new("RGB", (400, 500)).save(file, "JPEG")
    return SimpleUploadedFile("me.jpg", file.getvalue())


def letter():
    return SimpleUploadedFile("Note.pdf", b"%PDF-1.7")


@pytest.fixture
def rows(published, marrakesh, settings, now, tmp_path):
    """The delegate has two places, one of them attended; an invitation is on its way; another focal point is there."""
    settings.EMAIL_BACKEND = "people.mail.RowBackend"
    settings.MEDIA_ROOT = tmp_path
    demo.create(forum=marrakesh, password="a long enough password", now=now)
    delegate = Delegate.objects.select_related("person", "delegation").get(person__user__email="delegate@example.org")
    kenya, other = delegate.delegation, Delegation.objects.get(party__code="PHL")
    focal_point = User.objects.get(email="focalpoint@example.org")
    FocalPoint.objects.create(delegation=other, user=User.objects.create_user("otherfocalpoint@example.org"))
    kamau = kenya.delegates.get(person__given_name="Kamau")
    place, attended = (
        services.register(seating=Seating.objects.get(session__slug=slug), delegate=who, by=focal_point, now=now)
        for slug, who in (("roundtable-2-2", delegate), ("roundtable-2-1", kamau))
    )
    Registration.objects.filter(pk=attended.pk).update(attended_at=now, attended_by=focal_point)
    PublishedSession.objects.filter(slug="roundtable-2-1").update(ends_at=None)  # what is over is taken back no more
    letters = services.upload_letter(delegation=kenya, file=letter(), by=focal_point, now=now)
    kenya.announce_letter(follows=True)
    withdrawn = kenya.delegates.get(state="submitted")
    services.decide(delegate=withdrawn, to=Delegate.State.WITHDRAWN, by=focal_point, now=now)
    invitation = services.invite(
        delegation=kenya, email="a@example.org", purpose=Invitation.Purpose.DELEGATE, language="en", delegate=None,
        by=focal_point, now=now,
    )  # fmt: skip
    Invitation.objects.filter(pk=invitation.pk).update(key_digest=digest_of("a-key"))
    free = Seating.objects.select_related("session").get(session__slug="roundtable-3-1")
    return {
        "registration": place.uuid,
        "attended": attended.uuid,
        "delegation": kenya.uuid,
        "delegate": str(delegate.uuid),
        "names": {name: getattr(delegate.person, name) for name in ("honorific", "given_name", "family_name")},
        "withdrawn": withdrawn.uuid,
        "letter": letters.uuid,
        "invitation": invitation.uuid,
        "other_key": other.registration_key,
        "session": free.session.uuid,
        "code": code_of(delegate.person),
    }


def everything():
    models = [*apps.get_app_config("registrations").get_models(), Person, User, Email, Release]
    return {model: sorted(model._base_manager.values_list(), key=str) for model in models}


def test_every_act_and_every_service_is_in_the_table():
    names = {pattern.name for pattern in addresses.urlpatterns}
    functions = {name for name in services.__all__ if name[0].islower()}

    assert names == ACTS.keys() | READ_ONLY
    assert functions == SERVICES.keys()
    assert set().union(*SERVICES.values()) <= ACTS.keys() | administration.ACTS.keys() | {TASK, READS}
    acts = {name.partition(",")[0] for name in administration.ACTS}
    assert (
        administration.pages_and_actions() - administration.ASKS <= acts | administration.READS | administration.OTHERS
    )


@pytest.mark.parametrize("role", ROLES)
def test_every_act_is_done_by_those_who_may_and_by_nobody_else(rows, role):
    found, wanted = {}, {}

    for name, (arguments, posted, who, refusal) in ACTS.items():
        client = Client()
        path = reverse(
            f"registrations:{name}", kwargs={key: rows.get(value, value) for key, value in arguments.items()}
        )
        with transaction.atomic():
            if role:
                client.force_login(User.objects.get(email=f"{role}@example.org"))
            before = everything()
            answer = client.post(path, posted(rows))
            done = everything() != before
            transaction.set_rollback(True)
        if role in who:
            found[name], wanted[name] = done, True
        elif role == STRANGER and name == "invitation":  # the page asks to sign in, or up
            found[name], wanted[name] = (done, answer.status_code), (False, 200)
        elif role == STRANGER:
            found[name] = (done, answer.status_code, "/accounts/" in answer.headers.get("Location", ""))
            wanted[name] = (False, 302, True)
        elif not who and role == FOCAL_POINT:
            found[name], wanted[name] = done, False
        else:
            found[name], wanted[name] = (done, answer.status_code), (False, refusal)

    assert found == wanted


def test_every_act_of_organisers_asks_for_its_right(rows, now):
    rows = administration.with_what_organisers_see(rows, now)
    organiser = User.objects.get(email="organiser@example.org")
    rights = organiser.get_all_permissions()

    def answered(user, act):
        client = Client()
        if user:
            client.force_login(user)
        before = everything()
        answer = client.post(reverse(f"admin:{act.page}", args=act.arguments(rows)), act.posted(rows))
        done = everything() != before
        transaction.set_rollback(True)
        return done, answer.status_code

    for name, act in administration.ACTS.items():
        for role in ROLES:
            with transaction.atomic():
                done, status = answered(User.objects.filter(email=f"{role}@example.org").first(), act)
            expected = act.refusals if role == STAFF else {302}  # to the page that asks who it is
            assert (done, status in expected) == (role == ORGANISER, True), (name, role, status)
        with transaction.atomic():
            organiser.groups.clear()
            organiser.user_permissions.set(permissions(rights - {act.right}))
            done, status = answered(organiser, act)
        assert (done, status in act.refusals) == (False, True), (name, f"without {act.right}", status)


def permissions(names):
    found = {
        f"{one.content_type.app_label}.{one.codename}": one for one in Permission.objects.select_related("content_type")
    }
    return [found[name] for name in names]


def test_acts_on_what_is_not_there_are_answered_like_acts_on_what_is_anothers(rows):
    client = Client()
    client.force_login(User.objects.get(email="otherfocalpoint@example.org"))
    nothing = "00000000-0000-4000-8000-000000000000"

    for name, (arguments, posted, _who, refusal) in ACTS.items():
        if refusal != 404 or not arguments:
            continue
        theirs = {key: str(rows[value]) for key, value in arguments.items()}
        answers = []
        for kwargs in (theirs, dict.fromkeys(arguments, nothing)):
            answer = client.post(reverse(f"registrations:{name}", kwargs=kwargs), posted(rows))
            text = answer.content.decode()
            for value in kwargs.values():
                text = text.replace(value, "")
            lines = [line for line in text.splitlines() if "csrfmiddlewaretoken" not in line]
            answers.append((answer.status_code, lines))
        assert answers[0][0] == 404, name
        assert answers[0] == answers[1], name
