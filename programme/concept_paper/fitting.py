"""Is this the paper of that forum? Judged before anything is compared."""

import re

from django.utils.translation import gettext as _

from programme.snapshot import Programme

from .aligning import likeness
from .changes import NotThisForum
from .tree import Paper

ALIKE = 0.5
YEAR = re.compile(r"\b(20\d\d)\b")


def check(paper: Paper, programme: Programme) -> None:
    """Raises `NotThisForum` when year, overarching theme or themes are those of another one."""
    forum, language = programme.forum, paper.language
    years = {int(year) for year in YEAR.findall(paper.title)}
    if years and not years & {forum.starts_on.year, forum.ends_on.year}:
        raise NotThisForum(
            _("This is the paper of another forum: it is for %(year)s, “%(forum)s” is in %(own)s.")
            % {"year": max(years), "forum": forum.title.get(language, forum.slug), "own": forum.starts_on.year}
        )
    own = forum.overarching_theme.get(language, "")
    titles = {theme.number: theme.title.get(language, "") for theme in programme.themes}
    known = [theme for theme in paper.themes if titles.get(theme.number)]
    same = [theme for theme in known if likeness(theme.title, titles[theme.number]) >= ALIKE]
    if own and paper.overarching_theme and likeness(paper.overarching_theme, own) >= ALIKE:
        return
    if 2 * len(same) > len(known) or not (own or known):
        return
    raise NotThisForum(
        _("This is not the paper of “%(forum)s”: neither its overarching theme nor its themes are those of the forum.")
        % {"forum": forum.title.get(language, forum.slug)}
    )
