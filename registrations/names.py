"""What a session is called, when it is, and where its page is. None stands for one that has left the programme."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from programme import dates
from programme.models import PublishedSession
from programme.reading import language, listed, said


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


def when(session: PublishedSession) -> str:
    """“Thursday 6 December, 10:00–12:30”; nothing without hours."""
    if session.starts_at is None or session.ends_at is None:
        return ""
    start, end = session.local(session.starts_at), session.local(session.ends_at)
    hours = format_html('<bdi dir="ltr">{}–{}</bdi>', dates.clock(start), dates.clock(end))
    return listed([dates.day(start, language()), hours])
