class EmbeddedError(Exception):
    """What keeps the services from running, as one line a person can act on."""
