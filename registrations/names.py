"""What a published session is called, and where its page is."""

from django.urls import reverse
from django.utils.translation import gettext as _

from programme.models import PublishedSession
from programme.reading import said


def short_name(session: PublishedSession) -> str:
    """“Roundtable 2.2”; other sessions go by their title."""
    if session.number:
        return _("Roundtable %(number)s") % {"number": session.number}
    return said(session.title)


def full_name(session: PublishedSession) -> str:
    if session.number:
        return _("Roundtable %(number)s: %(title)s") % {"number": session.number, "title": said(session.title)}
    return said(session.title)


def address(session: PublishedSession) -> str:
    if session.number:
        return reverse("programme:roundtable", args=[session.number])
    return reverse("programme:session", args=[session.slug])
