"""A forum's programme from a folder of YAML files that a person can edit (see fixtures/).

Everything is found by its natural key (codes, keys, slugs, numbers, positions), so that loading
again finds the same rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import yaml
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models, transaction

from people.models import Party, Person
from roundtables.models import ExpectedOutcome, GuidingQuestion, Roundtable
from schedule.models import Forum, ForumChair, Role, Room, Session, Venue
from themes.models import Commitment, Reference, Section, Theme
from workshops.models import CommonSpaceSession, SideEvent, SpecialSession, Workshop

Row = TypeVar("Row", bound=models.Model)
LANGUAGES = ("en", "fr", "es", "ar")
MODELS: dict[str, type[Session]] = {
    model.KIND: model for model in (Roundtable, Workshop, SideEvent, CommonSpaceSession, SpecialSession) if model.KIND
}
SESSION_TEXTS = ("title", "summary", "host", "entry_note", "partners", "focus")
SESSION_VALUES = [
    "timing", "starts_on", "ends_on", "day_part", "month", "to_confirm", "entry", "media", "record",
    "floor_languages", "interpretation", "listed", "position", "note"
]  # fmt: skip

# Rows of a forum: how they lead to it, and how they are named
OF_A_FORUM: list[tuple[type[models.Model], str, str, list[str]]] = [
    (ForumChair, "forum", "co-chair {}", ["party__code"]),
    (Venue, "forum", "venue {}", ["slug"]),
    (Room, "venue__forum", "room {}", ["slug"]),
    (Reference, "forum", "reference {}", ["key"]),
    (Section, "forum", "section {}", ["slug"]),
    (Theme, "forum", "theme {}", ["number"]),
    (Session, "forum", "session {}", ["slug"]),
    (Role, "session__forum", "session {}, {}", ["session__slug", "kind"]),
    (ExpectedOutcome, "roundtable__forum", "session {}, outcome {}", ["roundtable__slug", "position"]),
    (GuidingQuestion, "roundtable__forum", "session {}, question {}", ["roundtable__slug", "position"]),
]


class FixtureError(Exception):
    """A file cannot be read as a programme; the message names the file and the fault."""


@dataclass(frozen=True)
class Difference:
    """What the files say otherwise than the database. `old` is None for a row that is missing."""

    row: str
    field: str = ""
    old: Any = None
    new: Any = None


@dataclass
class Loader:
    """One loading of one folder. Without `overwrite`, rows that exist are compared, not changed.

    `unknown` names the rows of the forum that the files do not have; they always stay.
    """

    folder: Path
    overwrite: bool = False
    create: bool = True
    differences: list[Difference] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    found: set[tuple[type[models.Model], int]] = field(default_factory=set)
    at: str = ""

    def run(self) -> Forum | None:
        """Load everything in one transaction; return the forum (None when it is not there and not made).

        Raises `FixtureError` and leaves the database as it was.
        """
        try:
            with transaction.atomic():
                forum = self._forum()
                if forum:
                    for step in (self._venues, self._references, self._sections, self._themes, self._sessions):
                        step(forum)
                    self._others(forum)
                return forum
        except (ValidationError, ObjectDoesNotExist, KeyError, TypeError, ValueError) as error:
            raise FixtureError(f"{self.at}: {type(error).__name__}: {error}") from error

    def _read(self, name: str) -> Any:
        path = self.folder / name
        self.at = name
        try:
            return yaml.safe_load(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise FixtureError(f"{path}: {error.strerror}") from error
        except yaml.YAMLError as error:
            raise FixtureError(f"{path}: {error}") from error

    def _items(self, name: str, key: str) -> Iterator[dict[str, Any]]:
        for item in self._read(name):
            self.at = f"{name}, {item[key]}"
            yield item

    def _put(self, model: type[Row], label: str, key: dict[str, Any], values: dict[str, Any]) -> Row | None:
        """Find the row by `key`; make it, compare it, or (with `overwrite`) change it."""
        row = model._default_manager.filter(**key).first()
        if row is None:
            self.differences.append(Difference(label))
            if not self.create:
                return None
            row = model(**key)
            for name, value in values.items():
                setattr(row, name, value)
        else:
            changed = {name: value for name, value in values.items() if getattr(row, name) != value}
            for name, value in changed.items():
                self.differences.append(Difference(label, name, getattr(row, name), value))
                setattr(row, name, value)
            if not changed or not self.overwrite:
                return self._met(row)
        row.full_clean()
        row.save()
        return self._met(row)

    def _met(self, row: Row) -> Row:
        self.found.add((Session if isinstance(row, Session) else type(row), row.pk))
        return row

    def _others(self, forum: Forum) -> None:
        for model, path, label, names in OF_A_FORUM:
            rows = model._default_manager.filter(**{path: forum}).order_by(*names).values_list("pk", *names)
            self.unknown += [label.format(*said) for pk, *said in rows if (model, pk) not in self.found]

    def _link(self, label: str, manager: Any, wanted: list[models.Model]) -> None:
        """Make the related rows those `wanted`, or say how they differ."""
        old, new = sorted(row.pk for row in manager.all()), sorted(row.pk for row in wanted)
        if old == new:
            return
        if self.create and not old:
            manager.set(wanted)
            return
        self.differences.append(Difference(label, "commitments", len(old), len(new)))
        if self.overwrite:
            manager.set(wanted)

    def _forum(self) -> Forum | None:
        self._parties()
        for item in self._items("persons.yaml", "key"):
            key = {"family_name": item["family_name"], "given_name": item.get("given_name", "")}
            self._put(Person, f"person {item['key']}", key, {"honorific": item.get("honorific", "")})
        for position, item in enumerate(self._items("commitments.yaml", "key"), 1):
            values = {
                **plain(item, "kind instrument number note"),
                **texts("short_name", item["short"]),
                **texts("official_name", item.get("official")),
                "position": position,
            }
            self._put(Commitment, f"commitment {item['key']}", {"key": item["key"]}, values)
        data = self._read("forum.yaml")
        names = ["acronym", "name", "edition", "title", "overarching_theme", "principles", "city", "privacy_notice"]
        values = {
            **{key: value for name in names for key, value in texts(name, data.get(name)).items()},
            **{name: data[name] for name in ("starts_on", "ends_on", "time_zone", "privacy_version")},
        }
        if not Forum.objects.filter(is_current=True).exists():
            values["is_current"] = True
        forum = self._put(Forum, f"forum {data['slug']}", {"slug": data["slug"]}, values)
        for position, code in enumerate(data["co_chairs"], 1):
            if forum:
                key = {"forum": forum, "party": Party.objects.get(code=code)}
                self._put(ForumChair, f"co-chair {code}", key, {"position": position})
        return forum

    def _parties(self) -> None:
        known = {party.code: party for party in Party.objects.all()}
        fresh = []
        for item in self._items("parties.yaml", "code"):
            values = {
                **plain(item, "kind region regional_group source note"),
                **texts("short_name", item["short"]),
                **texts("formal_name", item.get("formal")),
                **texts("sort_key", item.get("sort")),
                **texts("acronym", item.get("acronym")),
            }
            if item["code"] in known:
                self._put(Party, f"party {item['code']}", {"code": item["code"]}, values)
                continue
            self.differences.append(Difference(f"party {item['code']}"))
            if self.create:
                party = Party(code=item["code"], **values)
                party.clean_fields()
                fresh.append(party)
        Party.objects.bulk_create(fresh)

    def _venues(self, forum: Forum) -> None:
        for item in self._items("venues.yaml", "key"):
            values = {
                **texts("name", item["name"]),
                **texts("city", item["city"]),
                **texts("address", item.get("address")),
                "country": Party.objects.get(code=item["country"]),
                "time_zone": item["time_zone"],
                "note": item.get("note", ""),
            }
            venue = self._put(Venue, f"venue {item['key']}", {"forum": forum, "slug": item["key"]}, values)
            for room in item.get("rooms", ()):
                values = {
                    **texts("name", room["name"]),
                    **{name: room.get(name) for name in ("capacity", "position")},
                    "capacity_confirmed": room.get("capacity_confirmed", False),
                }
                if venue:
                    self._put(Room, f"room {room['key']}", {"venue": venue, "slug": room["key"]}, values)

    def _references(self, forum: Forum) -> None:
        for item in self._items("references.yaml", "key"):
            values = {**texts("text", item["text"]), "number": item["number"], "urls": "\n".join(item.get("urls", ()))}
            self._put(Reference, f"reference {item['key']}", {"forum": forum, "key": item["key"]}, values)

    def _sections(self, forum: Forum) -> None:
        for item in self._items("sections.yaml", "slug"):
            values = {
                **plain(item, "numeral"),
                **texts("heading", item["heading"]),
                **texts("body", item["body"]),
                "kind": item["kind"],
                "position": item["position"],
            }
            section = self._put(Section, f"section {item['slug']}", {"forum": forum, "slug": item["slug"]}, values)
            if section:
                self._link(f"section {item['slug']}", section.commitments, commitments(item))

    def _themes(self, forum: Forum) -> None:
        for item in self._items("themes.yaml", "number"):
            values = {**texts("title", item["title"]), **texts("rationale", item["rationale"])}
            theme = self._put(Theme, f"theme {item['number']}", {"forum": forum, "number": item["number"]}, values)
            if theme:
                self._link(f"theme {item['number']}", theme.commitments, commitments(item))  # type: ignore[attr-defined]

    def _sessions(self, forum: Forum) -> None:
        for place, item in enumerate(self._items("sessions.yaml", "slug"), 1):  # the file's order is that of the day
            self._session(forum, MODELS.get(item["kind"], Session), {"position": place, **item}, {"kind": item["kind"]})
        for path in sorted((self.folder / "roundtables").glob("*.yaml")):
            item = self._read(f"roundtables/{path.name}")
            extra = {"theme": Theme.objects.get(forum=forum, number=item["theme"]), "place": item["position"]}
            self._session(forum, Roundtable, {**item, "position": item["theme"]}, extra)

    def _session(self, forum: Forum, model: type[Session], item: dict[str, Any], extra: dict[str, Any]) -> None:
        venue = Venue.objects.get(forum=forum, slug=item["venue"]) if item.get("venue") else None
        zone = venue.zone if venue else forum.zone
        blank: dict[str, Any] = {
            "to_confirm": [],
            "floor_languages": [],
            "interpretation": [],
            "listed": True,
            "position": 1,
            "starts_on": None,
            "ends_on": None,
            "month": None,
        }
        names = {name.name for name in model._meta.get_fields()}
        values = {
            **{
                key: value
                for name in SESSION_TEXTS
                if name in names
                for key, value in texts(name, item.get(name)).items()
            },
            **{name: item.get(name, blank.get(name, "")) for name in SESSION_VALUES},
            "venue": venue,
            "room": Room.objects.get(venue=venue, slug=item["room"]) if item.get("room") else None,
            "starts_at": instant(item.get("starts"), zone),
            "ends_at": instant(item.get("ends"), zone),
            "month": instant(f"{item['month']}-01 00:00", zone).date() if item.get("month") else None,  # type: ignore[union-attr]
            "parent": Session.objects.get(forum=forum, slug=item["parent"]) if item.get("parent") else None,
            **extra,
        }
        label = f"session {item['slug']}"
        session = self._put(model, label, {"forum": forum, "slug": item["slug"]}, values)
        if session is None:
            return
        self._link(label, session.commitments, commitments(item))  # type: ignore[attr-defined]
        for position, role in enumerate(item.get("roles", ()), 1):
            key = {
                "session": Session.objects.get(pk=session.pk),
                "kind": role["role"],
                "party": Party.objects.get(code=role["party"]) if role.get("party") else None,
                "person": self._person(role["person"]) if role.get("person") else None,
            }
            self._put(Role, f"{label}, {role['role']}", key, {"position": position})
        for position, outcome in enumerate(item.get("outcomes", ()), 1):
            key = {"roundtable": session, "position": position}
            self._put(ExpectedOutcome, f"{label}, outcome {position}", key, texts("text", outcome))
        for position, question in enumerate(item.get("questions", ()), 1):
            data = question if isinstance(question, dict) and "text" in question else {"text": question}
            key = {"roundtable": session, "position": position}
            row = self._put(GuidingQuestion, f"{label}, question {position}", key, texts("text", data["text"]))
            if row:
                self._link(f"{label}, question {position}", row.commitments, commitments(data))

    def _person(self, key: str) -> Person:
        item = next(item for item in yaml.safe_load((self.folder / "persons.yaml").read_text()) if item["key"] == key)
        return Person.objects.get(family_name=item["family_name"], given_name=item.get("given_name", ""))


def texts(name: str, value: str | dict[str, str] | None) -> dict[str, str | None]:
    """The four language columns of a translated field."""
    by_language = value if isinstance(value, dict) else {"en": value} if value else {}
    return {
        f"{name}_{language}": by_language.get(language) or ("" if language == "en" else None) for language in LANGUAGES
    }


def plain(item: dict[str, Any], names: str) -> dict[str, str]:
    return {name: str(item.get(name, "") or "") for name in names.split()}


def commitments(item: dict[str, Any]) -> list[Any]:
    return [Commitment.objects.get(key=key) for key in item.get("commitments", ())]


def instant(text: str | None, zone: ZoneInfo) -> datetime | None:
    """ "2018-12-06 08:30", local to `zone`, as an instant."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=zone) if text else None
