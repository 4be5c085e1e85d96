"""The focal point’s page and what can be done from it; another delegation’s is not there."""

import io
import re
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from post_office.models import Email

from people.models import Person, User
from registrations import services
from registrations.models import (
    AccreditationChange,
    Delegate,
    Delegation,
    DelegationCategory,
    DelegationHead,
    FocalPoint,
    Letter,
)
from registrations.roster import roster
from registrations.services import Profile, RegistrationRefused
from schedule.models import Role
from tests.registrations import scene
from tests.registrations.scene import NOW

PAGE = "/en/delegation/"
ENTRY = {
    "honorific": "Ms.", "given_name": "Achieng", "family_name": "Jaribio", "arabic_name": "", "function": "Counsellor",
    "languages": ["en", "fr"], "starts_on": "2018-12-06", "ends_on": "", "may_be_listed": "yes",
    "needs": "Sign language",
}  # fmt: skip


def focal_point(delegation: Delegation, email: str) -> User:
    user = User.objects.create_user(email)
    FocalPoint.objects.create(delegation=delegation, user=user)
    return user


@pytest.fixture
def kenya(client, summit):
    """A client signed in as Kenya’s focal point."""
    client.force_login(focal_point(summit.kenya, "focal.kenya@example.org"))
    return client


@pytest.fixture
def letters(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def text(response):
    return " ".join(response.content.decode().split())


def url(name, row):
    return reverse(f"registrations:{name}", args=[row.uuid])


def register(seating, delegate):
    return services.register(seating=seating, delegate=delegate, by=None, now=NOW)


def picture(kind="PNG") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (30, 40)).save(out, kind)
    return SimpleUploadedFile("me.png", out.getvalue())


def pdf(name="Note verbale.pdf", content=b"%PDF-1.7 letter") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def errors(response) -> dict:
    return response.context["form"].errors


# The page


def test_page_says_who_lacks_what(kenya, summit):
    services.decide(
        delegate=scene.make_delegate(summit.kenya, "Mgeni", state="submitted"),
        to=Delegate.State.RETURNED, by=None, now=NOW, reason="The function is missing.",
    )  # fmt: skip

    page = text(kenya.get(PAGE))

    assert "<h1>Delegation of Kenya</h1>" in page
    assert "2 delegates accredited" in page
    assert "1 returned" in page
    assert 'Reason: <bdi translate="no">The function is missing.</bdi>' in page
    assert "1 entry was returned to mend." in page
    assert "No head of delegation is named." in page
    assert "3 delegates lack something." in page
    assert summit.kenya.registration_key in page
    assert "Mensah" not in page  # of Ghana
    assert "Otherwise" not in page  # of Kenya at another forum


def test_page_counts_the_places_of_each_session(summit):
    DelegationCategory.objects.filter(code="member-state").update(behind_places=2)
    register(summit.a, summit.wanjiru)
    held = register(summit.a, summit.kamau)
    services.vacate(registration=held, by=None, now=NOW)
    register(summit.b, summit.kofi)
    third = scene.make_delegate(summit.kenya, "Tatu")
    for delegate in (third, summit.kamau, summit.observer):
        register(summit.c, delegate)
    register(summit.c, summit.wanjiru)
    delegation = Delegation.objects.get(pk=summit.kenya.pk)

    rows = {one.session.slug: one for one in roster(delegation).places}

    assert list(rows) == ["a", "b", "c"]
    counted = {slug: (one.named, one.to_be_named, one.waiting, one.left) for slug, one in rows.items()}
    assert counted == {"a": (1, 1, 0, 0), "b": (0, 0, 0, 2), "c": (2, 0, 1, 0)}  # no more than seats are free


def test_page_leaves_out_sessions_that_are_not_for_the_delegation(summit):
    summit.a.session.entry = "invitation"
    summit.a.session.save()
    scene.publish(summit.forum)

    assert [one.session.slug for one in roster(summit.kenya).places] == ["b", "c"]


def test_page_costs_the_same_at_one_and_at_many(
    kenya, summit, django_assert_num_queries, django_assert_max_num_queries
):
    kenya.get(PAGE)  # the release is read once, and asked for at most every half second
    delegation = Delegation.objects.select_related("forum", "category").get(pk=summit.kenya.pk)
    with django_assert_num_queries(7):
        roster(delegation)
    with django_assert_max_num_queries(12):
        kenya.get(PAGE)
    for number in range(20):
        delegate = scene.make_delegate(summit.kenya, f"Specimen {number}")
        if number < 6:
            services.name_head(delegate=delegate, starts_at=NOW + timedelta(days=number), by=None, now=NOW)
    register(summit.a, summit.wanjiru)
    register(summit.c, summit.kamau)

    with django_assert_num_queries(7):
        roster(delegation)
    with django_assert_max_num_queries(12):
        kenya.get(PAGE)


def test_focal_point_of_several_chooses(kenya, summit):
    FocalPoint.objects.create(delegation=summit.ghana, user=User.objects.get(email="focal.kenya@example.org"))

    page = kenya.get(PAGE)

    assert [found.pk for found in page.context["delegations"]] == [summit.ghana.pk, summit.kenya.pk]
    assert "<h1>Delegation of Ghana</h1>" in text(kenya.get(url("delegation-page", summit.ghana)))


def test_page_of_one_who_looks_after_nothing_says_so(wanjiru_client):
    assert "Your account looks after no delegation" in text(wanjiru_client.get(PAGE))


def test_corner_links_the_delegation_for_focal_points_only(kenya, client, summit):
    assert PAGE in text(kenya.get("/en/accounts/corner/"))
    assert PAGE in text(kenya.get("/en/my/"))

    client.force_login(User.objects.get(email="wanjiru@example.org"))
    assert PAGE not in text(client.get("/en/accounts/corner/"))
    assert PAGE not in text(client.get("/en/my/"))


DELEGATION_PAGES = [
    "delegation-page", "delegate-add", "delegation-order", "delegation-head", "delegation-key", "delegation-letters",
    "delegation-letter-follows",
]  # fmt: skip
DELEGATE_PAGES = ["delegate", "delegate-again", "delegate-replace", "delegate-withdraw"]


def test_pages_of_kenya_are_not_there_for_ghana(client, kenya, summit, letters):
    kenya.post(url("delegation-letters", summit.kenya), {"file": pdf()})
    pages = [url(name, summit.kenya) for name in DELEGATION_PAGES]
    pages += [url(name, summit.wanjiru) for name in DELEGATE_PAGES]
    pages += [url(name, Letter.objects.get()) for name in ("letter", "letter-remove")]
    missing = [url(name, Person(uuid=uuid.uuid4())) for name in (*DELEGATION_PAGES, *DELEGATE_PAGES, "letter")]
    client.force_login(focal_point(summit.ghana, "focal.ghana@example.org"))

    answers = {page: client.post(page, ENTRY) for page in [*pages, *missing] if not page.endswith("letter/")}
    answers |= {f"GET {page}": client.get(page) for page in pages if not page.endswith(("follow/", "again/"))}

    assert {page: answer.status_code for page, answer in answers.items() if answer.status_code not in (404, 405)} == {}
    assert Delegate.objects.filter(delegation=summit.kenya).count() == 2
    assert set(Delegate.objects.filter(delegation=summit.kenya).values_list("state", flat=True)) == {"accredited"}
    assert Delegation.objects.get(pk=summit.kenya.pk).registration_key == summit.kenya.registration_key


def test_delegation_of_another_forum_is_not_there(kenya, summit):
    elsewhere = summit.stranger.delegation
    FocalPoint.objects.create(delegation=elsewhere, user=User.objects.get(email="focal.kenya@example.org"))

    assert kenya.get(url("delegation-page", elsewhere)).status_code == 404
    assert kenya.get(url("delegate", summit.stranger)).status_code == 404


# Entries


def test_delegate_is_added_behind_the_others(kenya, summit, letters):
    response = kenya.post(url("delegate-add", summit.kenya), {**ENTRY, "photograph": picture()}, follow=True)

    added = Delegate.objects.get(person__family_name="Jaribio")
    assert "Ms. Achieng Jaribio is entered." in text(response)
    assert (added.delegation, added.state, added.needs) == (summit.kenya, "submitted", "Sign language")
    assert (added.languages, added.starts_on, added.ends_on) == (["en", "fr"], date(2018, 12, 6), None)
    assert added.person.may_be_listed is True
    assert re.fullmatch(r"photographs/[0-9a-f]{32}\.jpg", added.person.photograph.name)
    assert added.changes.get().by.email == "focal.kenya@example.org"


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (SimpleUploadedFile("me.png", b"<html>"), "A photograph is a picture (PNG, JPEG)."),
        (SimpleUploadedFile("me.png", b"%PDF-1.7"), "A photograph is a picture (PNG, JPEG)."),
        (SimpleUploadedFile("me.png", b"\x89PNG\r\n\x1a\n" + bytes(100)), "The picture cannot be read."),
        (SimpleUploadedFile("me.png", b"\x89PNG\r\n\x1a\n" + bytes(5 * 1024 * 1024)), "The file is larger than 5 MB."),
        (SimpleUploadedFile("me.png", b""), "The submitted file is empty."),
    ],
    ids=["html", "pdf", "damaged", "large", "empty"],
)
def test_bad_photograph_loses_nothing_that_was_typed(kenya, summit, letters, file, sentence):
    response = kenya.post(url("delegate-add", summit.kenya), {**ENTRY, "photograph": file})

    assert [sentence in error for error in errors(response)["photograph"]] == [True]
    page = text(response)
    assert 'value="Jaribio"' in page
    assert "Sign language</textarea>" in page
    assert '<option value="2018-12-06" selected>' in page
    assert Person.objects.filter(family_name="Jaribio").count() == 0
    assert list(letters.iterdir()) == []


def test_delegation_that_is_full_takes_nobody_and_says_why(kenya, summit):
    DelegationCategory.objects.filter(code="member-state").update(size=2)

    response = kenya.post(url("delegate-add", summit.kenya), ENTRY)

    assert "may have 2 delegates" in str(errors(response))
    assert 'value="Jaribio"' in text(response)


def test_days_in_the_wrong_order_are_refused(kenya, summit):
    response = kenya.post(url("delegate-add", summit.kenya), {**ENTRY, "ends_on": "2018-12-05"})

    assert errors(response)["ends_on"] == ["The last day lies before the first."]


def test_entry_is_mended_and_sent_again(kenya, summit):
    returned = scene.make_delegate(summit.kenya, "Mgni", state="returned")

    response = kenya.post(url("delegate", returned), {**ENTRY, "send": "1"})

    assert response["Location"] == url("delegation-page", summit.kenya)
    mended = Delegate.objects.get(pk=returned.pk)
    assert (str(mended.person), mended.function, mended.state) == ("Ms. Achieng Jaribio", "Counsellor", "submitted")
    assert AccreditationChange.objects.filter(delegate=mended, old="returned", new="submitted").count() == 1


def test_places_on_days_of_absence_are_named_and_stay(kenya, summit):
    held = register(summit.a, summit.kamau)  # on 6 December

    response = kenya.post(
        url("delegate", summit.kamau), {**ENTRY, "starts_on": "2018-12-07", "ends_on": ""}, follow=True
    )

    assert "Kielezo has places on other days: A." in text(response)
    held.refresh_from_db()
    assert held.delegate == summit.kamau


def test_name_that_is_accredited_stays(kenya, summit):
    page = kenya.get(url("delegate", summit.kamau))

    kenya.post(url("delegate", summit.kamau), ENTRY)

    assert "family_name" not in page.context["form"].fields
    summit.kamau.refresh_from_db()
    assert (str(summit.kamau.person), summit.kamau.function) == ("Kielezo", "Counsellor")
    with pytest.raises(RegistrationRefused, match="the name is settled"):
        services.edit_delegate(delegate=summit.kamau, profile=Profile(family_name="Another"), now=scene.NOW)


def test_name_of_one_who_is_in_another_delegation_too_is_settled(kenya, summit):
    shared = scene.make_delegate(summit.kenya, "Pamoja", state="submitted")
    Delegate.objects.create(person=shared.person, delegation=summit.ghana, submitted_at=NOW)

    kenya.post(url("delegate", shared), ENTRY)

    assert Person.objects.get(pk=shared.person_id).family_name == "Pamoja"


def test_needs_are_never_shown_and_stay_when_nothing_is_written(kenya, summit):
    Delegate.objects.filter(pk=summit.kamau.pk).update(needs="Wheelchair")

    page = kenya.get(url("delegate", summit.kamau))
    kenya.post(url("delegate", summit.kamau), {**ENTRY, "needs": ""})

    assert "Wheelchair" not in text(page)
    assert "Needs are entered" in text(page)
    assert Delegate.objects.get(pk=summit.kamau.pk).needs == "Wheelchair"


def test_who_has_an_account_speaks_for_themself(kenya, summit, letters):
    Delegate.objects.filter(pk=summit.wanjiru.pk).update(needs="Wheelchair")

    page = kenya.get(url("delegate", summit.wanjiru))
    kenya.post(url("delegate", summit.wanjiru), {**ENTRY, "photograph": picture()})

    assert {"needs", "photograph", "may_be_listed"}.isdisjoint(page.context["form"].fields)
    assert "Wheelchair" not in text(page)
    wanjiru = Delegate.objects.select_related("person").get(pk=summit.wanjiru.pk)
    assert (wanjiru.needs, wanjiru.person.may_be_listed, bool(wanjiru.person.photograph)) == ("Wheelchair", None, False)


def test_new_photograph_takes_the_place_of_the_old_file(kenya, summit, letters, django_capture_on_commit_callbacks):
    for _again in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            kenya.post(url("delegate", summit.kamau), {**ENTRY, "photograph": picture("JPEG")})

    [kept] = (letters / "photographs").iterdir()
    assert Person.objects.get(pk=summit.kamau.person_id).photograph.name == f"photographs/{kept.name}"


def test_withdrawn_delegate_can_be_entered_again_but_not_a_declined_one(kenya, summit):
    withdrawn = scene.make_delegate(summit.kenya, "Ameondoka", state="withdrawn")
    declined = scene.make_delegate(summit.kenya, "Amekataliwa", state="declined")

    for delegate in (withdrawn, declined):
        assert kenya.get(url("delegate", delegate)).context["form"] is None
        kenya.post(url("delegate", delegate), ENTRY)
    kenya.post(url("delegate-again", withdrawn))
    refused = kenya.post(url("delegate-again", declined), follow=True)

    assert Delegate.objects.get(pk=withdrawn.pk).state == "submitted"
    assert str(Delegate.objects.get(pk=declined.pk)) == "Amekataliwa, Kenya"
    assert Delegate.objects.get(pk=declined.pk).state == "declined"
    assert "the accreditation was declined. Ask an organiser." in text(refused)
    assert "Enter again" not in text(kenya.get(url("delegate", declined)))


# Order, head, key


def test_delegates_move_up_and_down_by_one(kenya, summit):
    third = scene.make_delegate(summit.kenya, "Tatu")
    here = url("delegation-order", summit.kenya)

    response = kenya.post(here, {"delegate": third.uuid, "move": "up"})
    kenya.post(here, {"delegate": summit.wanjiru.uuid, "move": "down"})
    kenya.post(here, {"delegate": third.uuid, "move": "up"})  # nothing is above

    assert response["Location"] == f"{here}#d-{third.uuid}"
    stands = kenya.get(here).context["delegates"]
    assert [delegate.person.family_name for delegate in stands] == ["Tatu", "Mfano", "Kielezo"]
    assert kenya.post(here, {"delegate": summit.kofi.uuid, "move": "up"}).status_code == 400


def test_delegate_moves_to_a_place_in_the_order(kenya, summit):
    for name in ("Tatu", "Nne", "Tano"):
        last = scene.make_delegate(summit.kenya, name)
    here = url("delegation-order", summit.kenya)
    assert "Move to this place" in text(kenya.get(here))

    kenya.post(here, {"delegate": last.uuid, "move": "to", "to": "2"})
    kenya.post(here, {"delegate": summit.wanjiru.uuid, "move": "to", "to": "99"})  # the last place there is

    stands = kenya.get(here).context["delegates"]
    assert [delegate.person.family_name for delegate in stands] == ["Tano", "Kielezo", "Tatu", "Nne", "Mfano"]
    assert kenya.post(here, {"delegate": last.uuid, "move": "to", "to": "first"}).status_code == 400


def test_large_delegation_has_its_places_before_its_long_list(kenya, summit):
    few = text(kenya.get(url("delegation-page", summit.kenya)))
    for number in range(12):
        scene.make_delegate(summit.kenya, f"Mmoja{number}")

    many = text(kenya.get(url("delegation-page", summit.kenya)))

    assert few.index('id="who"') < few.index('id="places"')
    assert many.index("Add a delegate") < many.index('id="places"') < many.index('id="who"')


def test_head_is_named_from_a_half_day_on(kenya, summit):
    here = url("delegation-head", summit.kenya)
    choices = dict(kenya.get(here).context["form"].fields["starts_at"].choices)
    noon = next(value for value, words in choices.items() if words == "Thursday 6 December, afternoon")

    kenya.post(here, {"delegate": summit.wanjiru.uuid, "starts_at": ""})
    page = text(kenya.post(here, {"delegate": summit.kamau.uuid, "starts_at": noon}, follow=True))

    first, second = DelegationHead.objects.order_by("period")
    assert (first.delegate, second.delegate) == (summit.wanjiru, summit.kamau)
    assert second.period.lower == datetime(2018, 12, 6, 11, tzinfo=UTC)  # 12:00 in Marrakesh
    for when in "Until Thursday 6 December, morning", "From Thursday 6 December, afternoon":
        assert page.count(when) == 2  # in the list of delegates and beside it


def test_nobody_of_another_delegation_heads_this_one(kenya, summit):
    response = kenya.post(url("delegation-head", summit.kenya), {"delegate": summit.kofi.uuid, "starts_at": ""})

    assert "delegate" in errors(response)
    assert not DelegationHead.objects.exists()


def test_key_is_renewed_after_a_question_and_may_end(kenya, summit):
    here, old = url("delegation-key", summit.kenya), summit.kenya.registration_key
    kenya.get(here)
    summit.kenya.refresh_from_db()
    assert summit.kenya.registration_key == old
    tomorrow = datetime.now(UTC).date() + timedelta(days=2)

    kenya.post(here, {"last_day": tomorrow.isoformat()})

    summit.kenya.refresh_from_db()
    assert summit.kenya.registration_key != old
    assert summit.kenya.key_expires_at.astimezone(summit.forum.zone).date() == tomorrow
    assert "Valid until" in text(kenya.get(PAGE))
    summit.kenya.key_expires_at = scene.NOW
    summit.kenya.save()
    ended = text(kenya.get(PAGE))
    assert "It ended on Tuesday 20 November 2018." in ended
    assert "Whoever has it" not in ended
    assert "last_day" in errors(kenya.post(here, {"last_day": "2018-12-01"}))
    assert "last_day" in errors(kenya.post(here, {"last_day": "9999-12-31"}))


# Replacing and withdrawing


def test_replacing_lists_every_place_then_changes_all(kenya, summit):
    services.name_head(delegate=summit.wanjiru, starts_at=None, by=None, now=NOW)
    Person.objects.filter(pk=summit.wanjiru.person_id).update(may_be_listed=True)
    held = register(summit.a, summit.wanjiru)
    roles = {
        slug: Role.objects.create(
            session=session, kind="co_chair", party=summit.kenya.party, person=summit.wanjiru.person
        )
        for slug, session in (
            ("a", summit.a.session),
            ("secret", scene.make_session(summit.forum, "secret")),  # not published
        )
    }
    here = url("delegate-replace", summit.wanjiru)

    page = text(kenya.get(here))
    response = kenya.post(here, ENTRY, follow=True)

    for line in (
        "Heads the delegation: The whole time", "Place: A (At the table)", "Co-chair: A", "Published list", "Badge",
        "List of the delegation",
    ):  # fmt: skip
        assert line in page
    assert "Secret" not in page
    assert "Ms. Achieng Jaribio stands wherever the other name stood." in text(response)
    successor = Delegate.objects.get(person__family_name="Jaribio")
    held.refresh_from_db()
    roles["a"].refresh_from_db()
    assert (held.delegate, held.reserved_for, roles["a"].person) == (None, successor, successor.person)
    assert successor.person.may_be_listed is True
    assert Delegate.objects.get(pk=summit.wanjiru.pk).state == "withdrawn"


def test_replacing_refused_keeps_what_was_typed(kenya, summit):
    services.decide(delegate=summit.kamau, to=Delegate.State.WITHDRAWN, by=None, now=NOW)

    response = kenya.post(url("delegate-replace", summit.kamau), ENTRY)

    assert "is not in the delegation any more" in text(response)
    assert not Person.objects.filter(family_name="Jaribio").exists()


def test_withdrawing_says_what_becomes_of_the_places_and_tells_the_delegate(kenya, summit):
    held = register(summit.a, summit.wanjiru)
    here = url("delegate-withdraw", summit.wanjiru)

    page = text(kenya.get(here))
    response = kenya.post(here, follow=True)

    assert "1 place stays with the delegation, “to be named”." in page
    assert "The person is told by e-mail." in page
    assert "Mfano is withdrawn." in text(response)
    held.refresh_from_db()
    assert (held.status, held.delegate) == ("confirmed", None)
    assert "1 place is to be named." in text(response)
    assert [row.to for row in Email.objects.filter(subject__contains="Withdrawn")] == [["wanjiru@example.org"]]


def test_withdrawing_twice_says_so(kenya, summit):
    here = url("delegate-withdraw", summit.kamau)
    kenya.post(here)

    assert "is “Withdrawn” already." in text(kenya.post(here, follow=True))
    assert AccreditationChange.objects.filter(delegate=summit.kamau, new="withdrawn").count() == 1


# Letters


def test_letter_is_kept_under_a_name_that_tells_nothing(kenya, summit, letters):
    Delegation.objects.filter(pk=summit.kenya.pk).update(letter_follows=True)

    page = text(kenya.post(url("delegation-letters", summit.kenya), {"file": pdf("Nairobi <b>.exe")}, follow=True))

    letter = Letter.objects.get()
    assert (letter.name, letter.media_type) == ("Nairobi <b>.pdf", "application/pdf")
    assert re.fullmatch(r"letters/[0-9a-f]{32}\.pdf", letter.file.name)
    assert "Nairobi &lt;b&gt;.pdf" in page
    assert not Delegation.objects.get(pk=summit.kenya.pk).letter_follows


@pytest.mark.parametrize(
    "file", [pdf(content=b"MZ\x90\x00"), pdf(content=b"<svg xmlns=''/>"), pdf(content=b"%PDF-" + bytes(6_000_000))]
)
def test_file_that_is_no_letter_is_refused(kenya, summit, letters, file):
    response = kenya.post(url("delegation-letters", summit.kenya), {"file": file})

    assert "file" in errors(response)
    assert not Letter.objects.exists()
    assert list(letters.iterdir()) == []


def test_letter_is_handed_out_as_a_file_that_does_nothing(kenya, summit, letters):
    kenya.post(url("delegation-letters", summit.kenya), {"file": pdf()})

    response = kenya.get(url("letter", Letter.objects.get()))

    assert response.content == b"%PDF-1.7 letter"
    assert response["Content-Disposition"] == 'attachment; filename="Note verbale.pdf"'
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in response["Cache-Control"]


def test_letter_is_for_focal_points_and_organisers_alone(kenya, client, summit, letters):
    kenya.post(url("delegation-letters", summit.kenya), {"file": pdf()})
    here = url("letter", Letter.objects.get())
    organiser = User.objects.create_user("organiser@example.org", is_staff=True)
    organiser.groups.add(Group.objects.get(name="organiser"))
    asked = {
        "organiser": organiser,
        "delegate": User.objects.get(email="wanjiru@example.org"),
        "staff": User.objects.create_user("desk@example.org", is_staff=True),
        "ghana": focal_point(summit.ghana, "focal.ghana@example.org"),
    }

    statuses = {}
    for who, user in asked.items():
        client.force_login(user)
        statuses[who] = client.get(here).status_code

    assert statuses == {"organiser": 200, "delegate": 404, "staff": 404, "ghana": 404}


def test_letter_is_removed_with_its_file(kenya, summit, letters, django_capture_on_commit_callbacks):
    kenya.post(url("delegation-letters", summit.kenya), {"file": pdf()})
    here = url("letter-remove", Letter.objects.get())
    kenya.get(here)
    assert Letter.objects.count() == 1

    with django_capture_on_commit_callbacks(execute=True):
        kenya.post(here)

    assert not Letter.objects.exists()
    assert list((letters / "letters").iterdir()) == []


def test_letter_is_announced_and_that_is_taken_back(kenya, summit):
    DelegationCategory.objects.filter(code="member-state").update(needs_letter=True)
    lacking = "The note verbale or letter is not here yet."
    here = url("delegation-letter-follows", summit.kenya)

    assert lacking in text(kenya.get(PAGE))
    kenya.post(here, {"follows": "yes"})
    assert lacking not in text(kenya.get(PAGE))
    kenya.post(here, {"follows": "no"})
    assert lacking in text(kenya.get(PAGE))


def test_letters_are_not_without_end(kenya, summit, letters):
    for _number in range(20):
        services.upload_letter(delegation=summit.kenya, file=pdf(), by=None, now=NOW)

    response = kenya.post(url("delegation-letters", summit.kenya), {"file": pdf()})

    assert "There are 20 letters already." in str(errors(response))
    assert Letter.objects.count() == 20
