"""The acts of organisers: pages and actions of the administration, what is posted there, and the right each asks for.

`test_matrix` posts them all, as every role.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.urls import URLPattern

from programme.services import propose
from registrations.models import Delegate, DelegationCategory, ErasureRequest, Registration, Seating, SeatingShare
from schedule.models import Forum, Session

ROOMS = ("registrations", "programme")
DJANGOS = ("add", "change", "changelist", "delete", "history", "autocomplete")
ASKS = {"accredit_chosen", "return_chosen", "decline_chosen", "withdraw_chosen", "accept_overlaps"}  # a page follows
READS = {"delegate_duplicates", "delegation_letter", "release_translations"}
OTHERS = {
    "release_withdraw",
    "delegation_import",
    "delegation_export",
    "delegation_process_import",
    "import_read",
    "import_changes",
    "import_undo",
}  # tests of their own
AUTHORISED = {
    "authorised_by": "Co-chairs",
    "authorised_at_0": "2018-12-01",
    "authorised_at_1": "10:00:00",
    "reason": "Asked by the chair",
}
Rows = dict[str, Any]


@dataclass(frozen=True)
class Act:
    """`page` is the name of its address in the administration; that of a list takes the actions."""

    page: str
    posted: Callable[[Rows], Rows]
    right: str
    arguments: Callable[[Rows], list[int]] = lambda rows: []

    @property
    def refusals(self) -> set[int]:
        """What those are answered who enter the administration without the right: a list shows itself again."""
        return {200, 302, 403} if self.page.endswith("_changelist") else {403}


def chosen(action: str, row: str) -> Callable[[Rows], Rows]:
    return lambda rows: {"action": action, "_selected_action": [rows[row].pk], "confirmed": "on"}


ACTS = {
    "delegate_decide": Act(
        "registrations_delegate_decide",
        lambda rows: {"to": "accredited", "seen": [f"{rows['left'].pk}:withdrawn"]},
        "registrations.change_delegate",
    ),
    "delegation_accept": Act(
        "registrations_delegation_accept",
        lambda rows: {"seen": [f"{rows['left'].pk}:withdrawn"]},
        "registrations.change_delegate",
        lambda rows: [rows["left"].delegation_id],
    ),
    "delegate_on_the_spot": Act(
        "registrations_delegate_on_the_spot",
        lambda rows: {"delegation": rows["left"].delegation_id, "family_name": "Mgeni"},
        "registrations.add_delegate",
    ),
    "delegate_pair": Act(
        "registrations_delegate_pair",
        lambda rows: {"keep": rows["kamau"].person_id},
        "people.change_person",
        lambda rows: [rows["kamau"].person_id, rows["guest"].person_id],
    ),
    "delegate_pair, two": Act(
        "registrations_delegate_pair",
        lambda rows: {"two": "on"},
        "registrations.add_distinctpersons",
        lambda rows: [rows["kamau"].person_id, rows["guest"].person_id],
    ),
    "seatexception_add": Act(
        "registrations_seatexception_add",
        lambda rows: {
            "seating": rows["waits"].seating_id,
            "delegate": rows["guest"].pk,
            "place": "behind",
            **AUTHORISED,
        },
        "registrations.add_seatexception",
    ),
    "letterdraw_add": Act(
        "registrations_letterdraw_add",
        lambda rows: {"forum": rows["left"].delegation.forum_id, "session": "", "language": "fr", "reason": ""},
        "registrations.add_letterdraw",
    ),
    "registration_overlaps": Act(
        "registrations_registration_overlaps",
        lambda rows: {"chosen": [rows["flagged"].pk], **AUTHORISED},
        "registrations.add_seatexception",
    ),
    "promote_chosen": Act(
        "registrations_registration_changelist",
        chosen("promote_chosen", "waits"),
        "registrations.change_registration",
    ),
    "release_chosen": Act(
        "registrations_registration_changelist",
        chosen("release_chosen", "waits"),
        "registrations.change_registration",
    ),
    "renew_keys": Act(
        "registrations_delegation_changelist",
        lambda rows: {"action": "renew_keys", "_selected_action": [rows["left"].delegation_id]},
        "registrations.change_delegation",
    ),
    "carry_out": Act(
        "registrations_erasurerequest_changelist",
        chosen("carry_out", "request"),
        "registrations.change_erasurerequest",
    ),
    "send_again": Act(
        "registrations_invitation_changelist", chosen("send_again", "invited"), "registrations.change_invitation"
    ),
    "withdraw_chosen, invitations": Act(
        "registrations_invitation_changelist", chosen("withdraw_chosen", "invited"), "registrations.change_invitation"
    ),
    "invitation_add": Act(
        "registrations_invitation_add",
        lambda rows: {"delegation": rows["left"].delegation_id, "email": "waziri@example.org", "language": "fr"},
        "registrations.add_invitation",
    ),
    "delegationcategory_change": Act(
        "registrations_delegationcategory_change",
        lambda rows: {
            **{name: getattr(rows["category"], name) or "" for name in ("name_en", "code", "position", "colour")},
            "table_places": 1,
            "behind_places": 2,
            "observer_places": 0,
            "is_government": "on",
        },
        "registrations.change_delegationcategory",
        lambda rows: [rows["category"].pk],
    ),
    "release_publish": Act(
        "programme_release_publish",
        lambda rows: {"base": 1, "seen": propose(forum=rows["forum"]).seen, "scope": "all"},
        "programme.publish",
    ),
}


def with_what_organisers_see(rows: Rows, now) -> Rows:
    """Beside `rows`: somebody waits though a seat is free, a place is flagged, a draft and a request wait."""
    left = Delegate.objects.get(uuid=rows["withdrawn"])
    kamau = Registration.objects.get(uuid=rows["attended"]).delegate
    guest = Delegate.objects.accredited().exclude(delegation=left.delegation).order_by("pk").first()
    flagged = Registration.objects.get(uuid=rows["registration"])
    Registration.objects.filter(pk=flagged.pk).update(overlap="release")
    seating = Seating.objects.get(session__slug="roundtable-3-1")
    SeatingShare.objects.create(
        seating=seating, category=left.delegation.category, table_places=5, behind_places=5, observer_places=0
    )
    waits = Registration.objects.create(
        seating=seating, delegation=left.delegation,
        delegate=flagged.delegate, person=flagged.person, status="waitlisted", requested_at=now,
    )  # fmt: skip
    Session.objects.filter(slug="roundtable-1-1").update(title_en="Of another name")
    return {
        **rows,
        "left": left,
        "kamau": kamau,
        "guest": guest,
        "flagged": flagged,
        "waits": waits,
        "invited": left.delegation.invitations.get(uuid=rows["invitation"]),
        "request": ErasureRequest.objects.create(person=left.person, asked_at=now),
        "category": DelegationCategory.objects.get(code="member-state"),
        "forum": Forum.objects.get(is_current=True),
    }


def pages_and_actions() -> set[str]:
    """Everything in the administration of these rooms that is not Django's own."""
    found = set()
    for model, registered in admin.site._registry.items():
        if model._meta.app_label not in ROOMS:
            continue
        found |= {action for action in registered.actions if isinstance(action, str)}
        names = {
            url.name.partition("_")[2] for url in registered.get_urls() if isinstance(url, URLPattern) and url.name
        }
        found |= {name for name in names if name.rpartition("_")[2] not in DJANGOS}
    return found
