"""Prints asked for from the lists of the administration: what is ticked there goes to the desk."""

from collections.abc import Collection
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from programme import releases
from registrations.models import Delegate, Delegation
from schedule.models import Room, Session

from .kinds import KINDS, About, Audience, Kind
from .services import is_staff

MOST = 200  # subjects that an address can carry


class Printing(admin.ModelAdmin):
    """Mix into the admin of a model of which there are prints: an action for each of their kinds."""

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        if is_staff(request.user) and "_popup" not in request.GET:  # type: ignore[arg-type]
            for kind in kinds_of(self.model):
                name = f"print_{kind.name}"
                actions[name] = (_action(kind), name, _("Print: %(kind)s") % {"kind": kind.label})
        return actions


def put_in_place(model: type[Model]) -> None:
    """Give the registered admin of `model` the actions that print."""
    lower = type(admin.site.get_model_admin(model))
    admin.site.unregister(model)
    admin.site.register(model, type(lower.__name__, (Printing, lower), {"__module__": lower.__module__}))


def kinds_of(model: type[Model]) -> list[Kind[Any]]:
    """In the order of the catalogue."""
    if issubclass(model, Delegate):
        return [kind for kind in KINDS.values() if kind.audience is Audience.DELEGATE]
    if issubclass(model, Delegation):
        return [kind for kind in KINDS.values() if kind.audience is not Audience.STAFF]
    about = About.ROOM if issubclass(model, Room) else About.SESSION
    return [kind for kind in KINDS.values() if kind.about is about]


def _action(kind: Kind[Any]):
    def ask(modeladmin: admin.ModelAdmin, request: HttpRequest, rows: QuerySet) -> HttpResponseRedirect | None:
        keys = _keys(kind, rows)
        if not keys:
            modeladmin.message_user(request, _("There is no such print of those ticked."), messages.WARNING)
        elif len(keys) > MOST:
            words = _("These are %(count)s; up to %(most)s can be taken along. Narrow them down on the print desk.")
            modeladmin.message_user(request, words % {"count": len(keys), "most": MOST}, messages.WARNING)
        else:
            query = urlencode({"kind": kind.name, "subject": keys}, doseq=True)
            return HttpResponseRedirect(f"{reverse('documents:ask')}?{query}")
        return None

    return ask


def _keys(kind: Kind[Any], rows: QuerySet) -> list[str]:
    """The subjects of `kind` that the rows stand for; of a delegation also its accredited delegates."""
    if issubclass(rows.model, Delegation) and kind.audience is Audience.DELEGATE:
        rows = Delegate.objects.accredited().filter(delegation__in=rows)
    if issubclass(rows.model, Delegate | Delegation):
        return [str(uuid) for uuid in rows.values_list("uuid", flat=True)]
    published = releases.current()
    offered = [subject.key for subject in kind.subjects(published.programme)] if published else []
    if issubclass(rows.model, Room):
        rooms = [f"{venue}/{room}" for venue, room in rows.values_list("venue__slug", "slug")]
        return [key for key in offered if any(room in key for room in rooms)]
    return _sessions(offered, rows)


def _sessions(offered: Collection[str], rows: QuerySet[Session]) -> list[str]:
    names = {name for slug, uuid in rows.values_list("slug", "uuid") for name in (slug, str(uuid))}
    return [key for key in offered if key.removeprefix("session/") in names]
