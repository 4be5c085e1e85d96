"""Why a place is not given, as values: the page, the mail and the administration show the same sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.html import format_html
from django.utils.safestring import SafeString

from programme.models import PublishedSession

from .names import address, short_name


class Code(StrEnum):
    NO_DELEGATION = "no_delegation"
    CANCELLED = "cancelled"
    NOT_IN_PROGRAMME = "not_in_programme"
    NOT_FOR_YOU = "not_for_you"
    OTHER_DAYS = "other_days"
    NOT_ACCREDITED = "not_accredited"
    NOT_OPEN = "not_open"
    CLOSED = "closed"
    SLOT_TAKEN = "slot_taken"
    AT_QUOTA = "at_quota"
    FULL = "full"
    TOO_MANY = "too_many"
    NO_LETTER = "no_letter"
    KEY_UNKNOWN = "key_unknown"
    KEY_EXPIRED = "key_expired"
    DECIDED = "decided"
    NOT_FREE = "not_free"
    ATTENDED = "attended"
    IN_PROGRAMME = "in_programme"
    WORKS_HERE = "works_here"


@dataclass(frozen=True)
class Problem:
    """`sentence` has {names} for `values`, and {session} for the session that is in the way."""

    code: Code
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)
    session: PublishedSession | None = None

    def __str__(self) -> str:
        names = {"session": short_name(self.session)} if self.session else {}
        return self.sentence.format(**names, **self.values)

    def html(self) -> SafeString:
        """The same with the session in the way as a link."""
        names: dict[str, object] = dict(self.values)
        if self.session:
            names["session"] = format_html('<a href="{}">{}</a>', address(self.session), short_name(self.session))
        return format_html(self.sentence, **names) if names else format_html("{}", self.sentence)


class RegistrationRefused(Exception):
    """What was asked for is not given; `problems` say why, the most telling first."""

    def __init__(self, *problems: Problem):
        super().__init__(" ".join(str(problem) for problem in problems))
        self.problems: Sequence[Problem] = problems
