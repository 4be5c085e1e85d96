from . import attendance, delegates, delegations, erasures, invitations, seats  # noqa: F401
