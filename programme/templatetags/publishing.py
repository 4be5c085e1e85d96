"""The state of the programme for the first page of the administration."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.db.models import QuerySet

from programme.models import Release
from programme.services import unpublished
from schedule.models import Forum, Session

register = template.Library()


@dataclass(frozen=True)
class State:
    forum: Forum
    last: Release | None
    waiting: int | None  # objects that changed since; None for those who may not see the draft
    unconfirmed: int


@register.simple_tag
def programme_state(user: Any) -> State | None:
    """The current forum's last release in view and what waits to be published; None without a forum."""
    forum = Forum.objects.filter(is_current=True).first()
    if forum is None or not user.has_perm("programme.view_release"):
        return None
    releases: QuerySet[Release] = Release.objects.filter(forum=forum).in_view().newest_first()
    last = releases.defer("snapshot").select_related("forum").first()
    waiting = None
    if user.has_perm("programme.publish") or user.has_perm("programme.preview"):
        waiting = len({(change.kind, change.id) for change in unpublished(forum)})
    return State(forum, last, waiting, Session.objects.filter(forum=forum).held().unconfirmed().count())
