from . import delegates, delegations, erasures, seats  # noqa: F401
