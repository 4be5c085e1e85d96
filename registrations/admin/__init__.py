from . import delegates, delegations, erasures, invitations, seats  # noqa: F401
