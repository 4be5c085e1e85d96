"""An action calls one service for each row, and says what was done and what was left and why."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _

from people.direction import latin_isolated
from people.foreign import name_of

from ..checks import first_of
from ..models import Delegate
from ..problems import Problem
from ..rules import of_another
from ..services import Arranged, Decided, RegistrationRefused


def each(request: HttpRequest, rows: Iterable[Any], service: Callable[[Any], object]) -> int:
    """Call `service` with every row; a refusal is shown and stops nothing. Returns how many were done."""
    done = 0
    for row in rows:
        try:
            service(row)
        except RegistrationRefused as refusal:
            warn(request, refusal)
        else:
            done += 1
    return done


def words_of(reason: RegistrationRefused | Problem) -> str:
    """As said not to the delegate but to organisers; names of another direction are isolated."""
    problems = reason.problems if isinstance(reason, RegistrationRefused) else [reason]
    words = " ".join(str(of_another(problem)) for problem in problems)
    return latin_isolated(words) if get_language_bidi() else words


def warn(request: HttpRequest, refusal: RegistrationRefused) -> None:
    messages.warning(request, words_of(refusal))


def tell(request: HttpRequest, decided: Decided, to: Delegate.State) -> None:
    """What became of the delegates that were chosen."""
    for _delegate, refusal in decided.refused:
        warn(request, refusal)
    if done := len(decided.done):
        if to is Delegate.State.ACCREDITED:
            words = ngettext("%d delegate is accredited.", "%d delegates are accredited.", done) % done
        else:
            words = ngettext("%(n)d delegate is now: %(state)s.", "%(n)d delegates are now: %(state)s.", done)
            words %= {"n": done, "state": to.label}
        messages.success(request, words)


def tell_of_places(request: HttpRequest, arranged: Arranged) -> None:
    """Delegations whose place is to be kept, where no seat is left for it; and who came off the waiting list."""
    for found in arranged.unkept:
        parties = first_of([name_of(delegation.party) for delegation in dict.fromkeys(found.delegations)])
        message = _("“%(session)s”, %(place)s: no seat is left to keep for %(parties)s.")
        messages.warning(
            request, message % {"session": found.seating.session, "place": found.place.label, "parties": parties}
        )
    if promoted := len(arranged.promoted):
        words = ngettext("%d delegate came off the waiting list.", "%d delegates came off the waiting list.", promoted)
        messages.success(request, words % promoted)
