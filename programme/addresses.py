"""Where a page stands: short addresses, those of one forum, and the preview of a draft.

Links on a page stay where the reader is: under the forum’s own address, or inside the preview.
"""

from collections.abc import Mapping
from datetime import datetime, time
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.template import loader
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from . import dates, times
from .commitments import Serving
from .reading import FALLBACK, language, said
from .releases import Published
from .snapshot import SessionNode

UNSEEN_IN_DRAFT = {
    "releases",
    "changes",
    "calendar",
    "calendar-day",
    "calendar-theme",
    "calendar-session",
    "releases-atom",
    "search",
    "commitments-csv",
}
SECTIONS = {
    **dict.fromkeys(("programme", "day", "session", "releases", "changes"), "programme"),
    **dict.fromkeys(("themes", "theme", "roundtable", "commitments"), "themes"),
    "workshops": "workshops",
}


class Shown:
    """The release on one page: its addresses, and what the frame of the page says of the forum."""

    def __init__(self, request: HttpRequest, release: Published) -> None:
        match = request.resolver_match
        assert match is not None
        self.release = release
        self.name = (match.url_name or "").removeprefix("preview-")
        self.kwargs = {key: value for key, value in match.kwargs.items() if key != "forum"}
        self.in_forum = match.kwargs.get("forum", "")

    def url(self, name: str, **kwargs: Any) -> str:
        """A page beside this one, at the same kind of address."""
        if self.in_forum:
            kwargs["forum"] = self.in_forum
        if self.release.is_draft and name not in UNSEEN_IN_DRAFT:
            name = f"preview-{name}"
        return reverse(f"programme:{name}", kwargs=kwargs)

    def session_url(self, session: SessionNode) -> str:
        if session.number:
            return self.url("roundtable", number=session.number)
        return self.url("session", slug=session.slug)

    def serving_url(self, serving: Serving) -> str:
        """Where that which serves a commitment is read."""
        if serving.theme:
            return self.url("theme", number=serving.theme.number)
        if serving.section:
            return self.url("section", slug=serving.section.slug)
        assert serving.session
        address = self.session_url(serving.session)
        return f"{address}#q{serving.question}" if serving.question else address

    @property
    def is_translated(self) -> bool:
        """English is the language of the paper; the others are unofficial."""
        return language() != FALLBACK

    @property
    def section(self) -> str:
        """Where in the main navigation one is."""
        return SECTIONS.get(self.name, "")

    @cached_property
    def canonical(self) -> str:
        return self._canonical()

    @cached_property
    def alternates(self) -> list[tuple[str, str]]:
        """(language, address) of this page in each language."""
        found = []
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                found.append((code, self._canonical()))
        return found

    @property
    def picture(self) -> str:
        """What stands beside a link to this page elsewhere: the mark of the forum."""
        return settings.BASE_URL + static("img/share.png")

    def _canonical(self) -> str:
        slug = self.release.programme.forum.slug
        return settings.BASE_URL + reverse(f"programme:{self.name}", kwargs={**self.kwargs, "forum": slug})

    @cached_property
    def forum(self) -> Mapping[str, str]:
        """The forum as the frame names it, in the reader’s language."""
        forum = self.release.programme.forum
        return {
            "acronym": said(forum.acronym),
            "name": said(forum.name),
            "edition": said(forum.edition),
            "city": said(forum.city),
            "dates": dates.days(forum.starts_on, forum.ends_on, language()),
            "year": str(forum.starts_on.year),
        }

    @cached_property
    def edition(self) -> str:
        return edition_text(self.release)

    @cached_property
    def clock(self) -> str:
        """“All hours are those of Marrakesh (UTC+1).”"""
        forum = self.release.programme.forum
        noon = datetime.combine(forum.starts_on, time(12), ZoneInfo(forum.zone))
        return _("All hours are those of %(city)s (%(offset)s).") % {
            "city": said(forum.city),
            "offset": f"\u2066{dates.offset(noon)}\u2069",
        }

    @property
    def changes(self) -> str:
        """The address of what this release changed; none for the first and for a draft."""
        if len(self.release.history) < 2:
            return ""
        return self.url("changes", number=self.release.number)


def edition_text(release: Published) -> str:
    """“Programme of 6 December, 08:41”."""
    at = times.moment(release.published_at, release.programme)
    if release.is_draft:
        return _("Draft of %(when)s") % {"when": at}
    return _("Programme of %(when)s") % {"when": at}


def render(template: str, context: dict[str, Any]) -> str:
    return loader.render_to_string(template, context)
