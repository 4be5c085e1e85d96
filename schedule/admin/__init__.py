from . import places, sessions  # noqa: F401
