"""Which edition a print shows: the release in which what it shows last changed.

Releases are walked back, newest first, until one says something else. What a release says of a
subject is kept as a `Reading`, so each is opened once, by the sweep as it follows the log.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils import translation

from programme.models import Release
from programme.releases import Published, with_news
from programme.snapshot import Programme, digest

from .identity import recipe
from .kinds import FILES, KINDS, READERS
from .models import Reading


@dataclass(frozen=True)
class Key:
    reader: str
    subject: str
    language: str


def editions(published: Published, keys: Collection[Key]) -> dict[Key, int]:
    """For each key the number of the release in view, up to `published`, in which it last changed."""
    numbers = list(
        Release.objects.filter(forum=published.forum_id, number__lte=published.number)
        .in_view()
        .order_by("-number")
        .values_list("number", flat=True)
    )
    known = _readings(published, keys)
    found = dict.fromkeys(keys, published.number)
    moving = {key: _digest(published, key) for key in found}
    opened: dict[Key, dict[int, str]] = defaultdict(dict)
    for number in numbers[1:]:
        then_published = None
        for key, now in list(moving.items()):
            then = known[key].get(number)
            if then is None:
                then_published = then_published or with_news(
                    Release.objects.get(forum=published.forum_id, number=number)
                )
                then = opened[key][number] = _digest(then_published, key)
            if then == now:
                found[key] = number
            else:
                del moving[key]
        if not moving:
            break
    _keep(published.forum_id, opened)
    return found


def superseded_at(published: Published, keys: Collection[Key], edition: int) -> datetime | None:
    """When something else than release `edition` was first said of any of `keys`; None while all of it stands."""
    later = (
        Release.objects.filter(forum=published.forum_id, number__gte=edition, number__lte=published.number)
        .in_view()
        .order_by("number")
        .defer("snapshot")
    )
    known = _readings(published, keys)
    first: dict[Key, str | None] = {}
    for release in later:
        said = {key: known[key].get(release.number) for key in keys}
        unread = [key for key, value in said.items() if value is None]
        if unread:
            then = published if release.number == published.number else with_news(release)
            for key in unread:
                said[key] = _digest(then, key)
        first = first or said
        if said != first:
            return release.created_at
    return None


def _readings(published: Published, keys: Collection[Key]) -> dict[Key, dict[int, str]]:
    rows = Reading.objects.filter(
        release__forum=published.forum_id,
        release__number__lt=published.number,
        recipe=recipe(),
        reader__in={key.reader for key in keys},
        subject__in={key.subject for key in keys},
        language__in={key.language for key in keys},
    ).values_list("reader", "subject", "language", "release__number", "digest")
    found: dict[Key, dict[int, str]] = defaultdict(dict)
    for reader, subject, language, number, value in rows:
        found[Key(reader, subject, language)][number] = value
    return found


def _digest(published: Published, key: Key) -> str:
    extract = READERS[key.reader](published, key.subject, key.language)
    return digest(extract.encode()) if extract else ""


def _keep(forum_id: int, opened: dict[Key, dict[int, str]]) -> None:
    if not opened:
        return
    ids = dict(Release.objects.filter(forum=forum_id).values_list("number", "pk"))
    _write((ids[number], key, value) for key, values in opened.items() for number, value in values.items())


def _write(readings: Iterable[tuple[int, Key, str]]) -> None:
    Reading.objects.bulk_create(
        (
            Reading(
                release_id=release,
                recipe=recipe(),
                reader=key.reader,
                subject=key.subject,
                language=key.language,
                digest=value,
            )
            for release, key, value in readings
        ),
        ignore_conflicts=True,
    )


def follow() -> int:
    """Read the oldest release that has not been read by today's code; return how many are left.

    The readings themselves say how far the log has been followed. Running twice does no harm.
    """
    done = Reading.objects.filter(release=OuterRef("pk"), recipe=recipe(), reader="agenda")
    unread = Release.objects.filter(~Exists(done)).order_by("pk")
    release = unread.first()
    if release is None:
        return 0
    published = with_news(release)
    _write((release.pk, key, _digest(published, key)) for key in _all_keys(published.programme))
    Reading.objects.exclude(recipe=recipe()).filter(release=release).delete()
    return unread.count()


def _all_keys(programme: Programme) -> Iterable[Key]:
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            subjects = {
                name: [subject.key for subject in kind.subjects(programme)]
                for name, kind in KINDS.items()
                if not kind.of_register
            }
        subjects["forum"] = [""]
        subjects["slot"] = subjects[FILES] = [session.uuid for session in programme.listed]
        for reader, found in subjects.items():
            for subject in found:
                yield Key(reader, subject, language)
