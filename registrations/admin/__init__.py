from . import delegates, delegations, seats  # noqa: F401
