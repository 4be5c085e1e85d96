"""What a session is called, and where its page is. None stands for one that has left the programme."""

from django.urls import reverse
from django.utils.translation import gettext as _

from programme.models import PublishedSession
from programme.reading import said


def short_name(session: PublishedSession | None) -> str:
    """“Roundtable 2.2”; other sessions go by their title."""
    if session is None:
        return _("A session no longer in the programme")
    if session.number:
        return _("Roundtable %(number)s") % {"number": session.number}
    return said(session.title)


def full_name(session: PublishedSession | None) -> str:
    if session and session.number:
        return _("Roundtable %(number)s: %(title)s") % {"number": session.number, "title": said(session.title)}
    return short_name(session)


def address(session: PublishedSession, forum: str = "") -> str:
    """`forum` (a slug) gives the address that stays, whichever forum is the current one."""
    under = {"forum": forum} if forum else {}
    if session.number:
        return reverse("programme:roundtable", kwargs={**under, "number": session.number})
    return reverse("programme:session", kwargs={**under, "slug": session.slug})
