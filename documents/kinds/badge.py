"""The badge of one delegate, and its face: the same by itself, on a sheet of four and in a pack."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files import File
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programme.releases import Published
from programme.snapshot import Programme
from registrations.badges import address_of

from ..failures import Failure
from ..sheets import Ink, Sheet
from .base import Audience, Bound, Kind, Marks, Subject
from .bearers import Bearer, bearer, changes, memberships, of_person, pictures, refusal, uuids
from .extracts import Extract, ForumExtract, forum_extract
from .fitting import POINT, balanced, count_lines, widest_word

BLACK = "#161a36"
# The column of texts on a badge, in mm
WIDTH, HEIGHT = 87.0, 60.5
LEADING = 1.1  # of the party
ALSO = 12  # points
GAP = 5.5  # mm, between party, name and function together


class BadgeExtract(Extract, frozen=True, kw_only=True):
    forum: ForumExtract
    bearer: Bearer


@dataclass(frozen=True)
class Sizes:
    """Of the letters, in points."""

    party: int
    name: int
    function: int


# From the airiest to the smallest that is still read: the party at 2 metres (22 pt are capitals of 5.4 mm), the name
# at one, the function in the hand. The last two are for organisations whose name is a sentence: it stands there whole,
# and is read a step nearer.
SIZES = (
    Sizes(42, 19, 11),
    Sizes(36, 19, 11),
    Sizes(30, 19, 11),
    Sizes(26, 17, 10),
    Sizes(22, 16, 10),
    Sizes(22, 14, 9),
    Sizes(22, 14, 8),
    Sizes(18, 14, 8),
    Sizes(16, 14, 8),
)


@dataclass(frozen=True)
class Face:
    """`is_light` says that the colour wants dark letters on it; `picture` is empty where there is none."""

    category: str
    colour: str
    is_light: bool
    party: tuple[str, ...]  # lines
    also: str
    given_name: str
    family_name: str
    arabic_name: str
    function: str
    sizes: Sizes
    picture: str
    has_temporary_pass: bool
    code: str
    qr: str


class Badge(Kind[BadgeExtract]):
    name = "badge"
    label = gettext_lazy("Badge")
    template = "documents/print/badges.html"
    styles = ("badge",)
    reads = BadgeExtract
    audience = Audience.DELEGATE
    sheets = (Sheet.A6, Sheet.A4_FOUR)
    of_register = True
    of_programme = False

    @property
    def missing(self) -> str:
        return _("A badge is made for delegates who are accredited.")

    def subjects(self, programme: Programme) -> list[Subject]:
        return []

    def extract(self, published: Published, subject: str, language: str) -> BadgeExtract | None:
        return self.extracts(published, [subject], language).get(subject)

    def extracts(self, published: Published, subjects: Collection[str], language: str) -> dict[str, BadgeExtract]:
        forum = forum_extract(published.programme, language)
        return {
            str(delegate.uuid): BadgeExtract(forum=forum, bearer=bearer(group, language))
            for group in memberships(forum.slug, uuid__in=uuids(subjects))
            for delegate in group
            if str(delegate.uuid) in subjects
        }

    def refusal(self, extract: BadgeExtract) -> str:
        return refusal(extract.bearer)

    def printable(self, extract: BadgeExtract, unreadable: Collection[str]) -> BadgeExtract | Failure:
        return hindrance(extract.bearer, unreadable) or extract

    def title(self, extract: BadgeExtract) -> str:
        return _("Badge of %(name)s") % {"name": extract.bearer.name}

    def filename(self, subject: str, extract: BadgeExtract) -> str:
        return f"badge-{of_person(subject, extract.bearer)}"

    def media(self, extract: BadgeExtract) -> Mapping[str, File]:
        return pictures([extract.bearer])

    def context(self, extract: BadgeExtract, marks: Marks, papers: list[Bound]) -> dict[str, Any]:
        return {"print": marks, **leaves([face(extract.bearer, marks.ink)])}

    def changes(self, old: BadgeExtract, new: BadgeExtract) -> list[str]:
        return changes(old.bearer, new.bearer)


def hindrance(bearer: Bearer, unreadable: Collection[str]) -> Failure | None:
    """Why this badge cannot be printed as it should be."""
    if not bearer.has_latin_name:
        return Failure.NAME
    if bearer.picture in unreadable:
        return Failure.PHOTOGRAPH
    return None if fitting(bearer) else Failure.SPACE


def face(bearer: Bearer, ink: Ink) -> Face:
    from ..pdf import qr  # loads WeasyPrint: in the worker only

    colour = BLACK if ink == Ink.BLACK else bearer.colour
    sizes = fitting(bearer) or SIZES[-1]
    return Face(
        category=bearer.category,
        colour=colour,
        is_light=_is_light(colour),
        party=balanced(bearer.party, count_lines(bearer.party, sizes.party, WIDTH)),
        also=", ".join(bearer.also),
        given_name=" ".join(filter(None, [bearer.honorific, bearer.given_name])),
        family_name=bearer.family_name,
        arabic_name=bearer.arabic_name,
        function=bearer.function,
        sizes=sizes,
        picture=bearer.picture,
        has_temporary_pass=bearer.has_temporary_pass,
        code=bearer.badge,
        qr=qr(address_of(bearer.badge)),
    )


def leaves(faces: Sequence[Face], on_one: int = 1) -> dict[str, Any]:
    """For the template, so many `on_one` sheet. The colours stand in a style sheet: what differs between badges
    is named by classes, because WeasyPrint shares what it has computed among elements that match the same rules."""
    return {
        "colours": sorted({one.colour for one in faces}),
        "sheets": [faces[start : start + on_one] for start in range(0, len(faces), on_one)],
    }


def fitting(bearer: Bearer) -> Sizes | None:
    """The airiest sizes at which all texts stand on the badge; None when not even the smallest do."""
    for sizes in SIZES:
        if sizes is not SIZES[-1] and widest_word(bearer.party, sizes.party) > WIDTH:
            continue
        lines = count_lines(bearer.party, sizes.party, WIDTH)
        if lines * sizes.party * POINT * LEADING + _below(bearer, sizes) <= HEIGHT:
            return sizes
    return None


def _below(bearer: Bearer, sizes: Sizes) -> float:
    """Height in mm of what stands below the party."""
    given = " ".join(filter(None, [bearer.honorific, bearer.given_name]))
    texts = [
        (", ".join(bearer.also), ALSO, 1.2, "bold"),
        (given, sizes.name, 1.2, "regular"),
        (bearer.family_name, sizes.name, 1.2, "bold"),
        (bearer.arabic_name, sizes.name, 1.5, "bold"),
        (bearer.function, sizes.function, 1.35, "regular"),
    ]
    found = (
        count_lines(text, size, WIDTH, face) * size * POINT * leading for text, size, leading, face in texts if text
    )
    return sum(found) + GAP


def _is_light(colour: str) -> bool:
    """Whether dark letters are read better on it than white ones, by the luminance of WCAG."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.2
