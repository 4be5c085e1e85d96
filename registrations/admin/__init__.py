from . import attendance, delegates, delegations, erasures, exceptions, invitations, registrations, seats  # noqa: F401
