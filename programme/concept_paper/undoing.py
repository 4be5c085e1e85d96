"""An import is taken back whole, or not at all: what was edited since stands in the way and is named."""

from collections.abc import Iterator
from datetime import datetime

from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from people.editing import refusal
from people.foreign import name_of
from people.models import User
from programme.models import Import, PublishedSession
from schedule.models import Session

from .applying import lock
from .rows import ImportRefused, Recorder, Step, model_of, plain, put, row_of


@transaction.atomic
def undo(*, done: Import, by: User | None, now: datetime) -> Import:
    """Give every row the values from before. An event that was published meanwhile is cancelled instead of deleted.

    Raises `ImportRefused` with what stands in the way.
    """
    done = Import.objects.select_for_update().get(pk=done.pk)
    if not done.applied_at or done.undone_at:
        raise ImportRefused(_("There is nothing to undo: this paper is not taken over, or was taken back already."))
    lock(done.forum)
    if obstacles := list(dict.fromkeys(_obstacles(done.applied))):
        raise ImportRefused(*obstacles)
    try:
        with transaction.atomic():
            _take_back(done, now)
    except IntegrityError as error:
        raise ImportRefused(refusal(error)) from error
    done.undone_at, done.undone_by = now, by
    done.save()
    return done


def _obstacles(steps: list[Step]) -> Iterator[str]:
    """What somebody did since to what the import did."""
    made = {(step["model"], step["key"]) for step in steps if step["act"] == "create"}
    last = {(step["model"], step["key"], step["field"]): step["after"] for step in steps if step["act"] == "set"}
    for (model, key, name), after in last.items():
        row = row_of({"model": model, "key": key})
        if row is None:
            yield _gone({"model": model})
        elif plain(row, name) != after:
            label = capfirst(str(row._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
            yield _("“%(row)s” was edited since: %(field)s.") % {"row": name_of(row), "field": label}
    for step in steps:
        if step["act"] != "create":
            continue
        row = row_of(step)
        if row is None:
            yield _gone(step)
        elif any(plain(row, name) != value for name, value in step["values"].items()):
            yield _("“%(row)s”, which is new, was edited since.") % {"row": name_of(row)}
        elif _hangs_on(row, made):
            yield _("Something was added to “%(row)s”, which is new.") % {"row": name_of(row)}


def _gone(step: Step) -> str:
    kind = str(model_of(step)._meta.verbose_name)
    return _("Something that the paper changed was deleted since (%(kind)s).") % {"kind": kind}


def _hangs_on(row: models.Model, made: set[tuple[str, int]]) -> bool:
    """Rows that point here and are not the import’s own. What was published is no edit."""
    for relation in row._meta.related_objects:
        model = relation.related_model
        if model is PublishedSession or getattr(relation, "parent_link", False):
            continue
        rows = model._default_manager.filter(**{relation.field.name: row})
        if any((model._meta.label_lower, pk) not in made for pk in rows.values_list("pk", flat=True)):
            return True
    return False


def _take_back(done: Import, now: datetime) -> None:
    recorder = Recorder(done.language)
    for step in reversed(done.applied):
        match step["act"]:
            case "set":
                recorder.change(_known(recorder, step), step["field"], step["before"])
            case "link":
                _known(recorder, step).commitments.remove(step["to"])  # type: ignore[attr-defined]
            case "delete":
                row = model_of(step)(pk=step["key"])
                for name, value in step["values"].items():
                    put(row, name, value)
                recorder.create(row)
                if step["commitments"]:
                    row.commitments.set(step["commitments"])  # type: ignore[attr-defined]
            case "create":
                _remove(step, now)
    recorder.save()


def _known(recorder: Recorder, step: Step) -> models.Model:
    row = recorder.touched.get((model_of(step), step["key"])) or row_of(step)
    assert row is not None  # the obstacles were looked for under the lock
    return row


def _remove(step: Step, now: datetime) -> None:
    row = row_of(step)
    assert row is not None
    try:
        with transaction.atomic():
            row.delete()
    except ProtectedError:  # it was published, or is the theme of what was
        if isinstance(row, Session):
            Session.objects.filter(pk=row.pk).update(cancelled_at=now)
