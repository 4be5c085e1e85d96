from . import delegations, seats  # noqa: F401
