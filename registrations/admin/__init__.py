from . import attendance, delegates, delegations, draws, erasures, exceptions, invitations, registrations, seats  # noqa: F401
