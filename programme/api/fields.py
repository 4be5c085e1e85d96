"""Kinds of values that the answers share."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import CoreSchema, core_schema

from schedule.models import LANGUAGE_CHOICES, Role, Session
from themes.models import Commitment


@dataclass(frozen=True, eq=False)
class OneOf:
    """A text that is one of `values`, and said to be so in the document of the interface."""

    values: list[str]

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.literal_schema(self.values)


def _as_iso(value: Any) -> Any:
    """No other form of a day: a number would pass as seconds of 1970."""
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        raise ValueError("a day such as 2018-12-06")
    return value


ByLanguage = dict[Literal["en", "fr", "es", "ar"], str]
Texts = Annotated[ByLanguage, Field(description="Plain text by language. Where a language is missing, show English.")]
Pages = Annotated[ByLanguage, Field(description="The page on the portal, by language.")]
Day = Annotated[date, BeforeValidator(_as_iso)]
Kind = Annotated[str, OneOf(Session.Kind.values)]
Timing = Annotated[str, OneOf(Session.Timing.values)]
DayPart = Annotated[str, OneOf(Session.DayPart.values)]
Unconfirmed = Annotated[str, OneOf(Session.Unconfirmed.values)]
Entry = Annotated[str, OneOf(Session.Entry.values)]
Media = Annotated[str, OneOf(Session.Media.values)]
Record = Annotated[str, OneOf(Session.Record.values)]
Language = Annotated[str, OneOf([code for code, _name in LANGUAGE_CHOICES])]
RoleKind = Annotated[str, OneOf(Role.Kind.values)]
CommitmentKind = Annotated[str, OneOf(Commitment.Kind.values)]
