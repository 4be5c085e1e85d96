"""The pages of the portal that are not the administration, as data: who opens what.

Pages of a release are the same for everybody, so that they stand under the stranger; of the others there are only
those on which something of the reader stands.
"""

LANGUAGES = ("en", "fr", "es", "ar")

PROGRAMME = (
    "",
    "programme/",
    "programme/?day=2018-12-06&kind=roundtable",
    "programme/?kind=roundtable&theme=1&room=oliveraie",  # nothing matches, or no such room
    "programme/2018-12-05/",
    "programme/2018-12-06/",
    "themes/",
    "themes/2/",
    "roundtables/1.1/",
    "roundtables/2.2/",
    "workshops/",
    "sessions/labour-migration/",
    "sessions/common-space/",
    "sessions/opening/",
    "commitments/",
    "sections/",
    "sections/introduction/",
    "sections/registration/",
    "releases/",
    "releases/1/changes/",
    "search/",
    "search/?q=1.2",
    "search/?q=Philippines",
    "search/?q=recruitmnt%20remitance",  # misspelled
    "search/?q=xyzzy",  # nowhere
    "sessions/roundtable-2-2/seat/",
    "sessions/opening/seat/",
    "offline/",
    "rooms/",
)
DOORS = (
    "accounts/login/",
    "accounts/signup/",
    "accounts/login/code/",
    "accounts/password/reset/",
    "accounts/password/reset/done/",
    "accounts/password/reset/key/1-no-such-key/",
    "accounts/password/reset/key/done/",
    "accounts/confirm-email/",
    "accounts/confirm-email/no-such-key/",
    "accounts/inactive/",
)
ACCOUNT = (
    "accounts/",
    "accounts/logout/",
    "accounts/email/",
    "accounts/password/change/",
    "accounts/reauthenticate/",
)
OWN = ("my/", "my/data/", "documents/", "documents/my-pack/")
AT_THE_DOOR = ("checkin/", "checkin/roundtable-2-2/", "checkin/opening/")

# who → paths below the language
PAGES: dict[str, tuple[str, ...]] = {
    "": (*PROGRAMME, *DOORS, "accessibility/", "no/such/page/", "/verify/NOSUCHCODE/"),
    "observer": (*OWN, "delegation/", "sessions/roundtable-1-1/seat/", "preview/programme/"),  # the last is refused
    "delegate": (*OWN, *ACCOUNT, "roundtables/2.1/", "my/photograph/", "my/needs/", "my/data/erasure/"),
    "focalpoint": (*OWN, "documents/ask/?kind=participant_pack", "delegation/", "sessions/roundtable-1-1/seat/"),
    "staff": (*OWN, *AT_THE_DOOR, "documents/runs/", "documents/ask/", "documents/ask/?kind=participant_pack&q=e"),
    "organiser": (*OWN, "preview/", "preview/programme/", "preview/roundtables/2.2/"),
}
REFUSED = {"no/such/page/": 404, "/verify/NOSUCHCODE/": 404, "preview/programme/": 403}


def status(path: str, role: str) -> int:
    """What the portal answers this role; previews are for organisers."""
    return 200 if role == "organiser" else REFUSED.get(path, 200)


def address(path: str, language: str) -> str:
    """The few addresses without a language (they begin with a slash) are read in that of the browser."""
    return path if path.startswith("/") else f"/{language}/{path}"
