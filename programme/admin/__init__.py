from . import imports, releases  # noqa: F401
