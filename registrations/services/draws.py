"""The order of the parties at the table: alphabetical in a language, from a letter drawn by lot."""

from datetime import datetime
from random import SystemRandom

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from people.models import Party, User
from people.sorting import initial
from schedule.models import Forum, Session

from ..models import LetterDraw
from ..problems import Code, Problem, RegistrationRefused


@transaction.atomic
def draw_letter(
    *, forum: Forum, session: Session | None, language: str, by: User, now: datetime, reason: str = ""
) -> LetterDraw:
    """Draw one of the letters with which the names of the parties begin that take part. It stands from now on.

    Raises `RegistrationRefused` when one was drawn before and no reason is given, or nobody takes part.
    """
    parties = Party.objects.filter(delegations__forum=forum)
    letters = sorted({initial(party, language) for party in parties})
    if not letters:
        raise RegistrationRefused(
            Problem(Code.NO_DELEGATION, _("No delegation takes part yet: enter the delegations, then draw the letter."))
        )
    draw = LetterDraw(
        forum=forum,
        session=session,
        language=language,
        letter=SystemRandom().choice(letters),
        reason=reason.strip(),
        drawn_at=now,
        drawn_by=by,
    )
    try:
        with transaction.atomic():
            draw.save()
    except IntegrityError as error:
        raise RegistrationRefused(
            Problem(Code.DECIDED, _("A letter was drawn already. Say why it is drawn again."))
        ) from error
    return draw
