"""What a focal point may act on. Everything of another delegation is as what does not exist."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from ..models import Delegate, Delegation
from .frame import Request


def own(request: Request, uuid: UUID) -> Delegation:
    """A delegation that the reader looks after at the current forum."""
    return get_object_or_404(Delegation.objects.looked_after_by(request.user), uuid=uuid)


def own_delegate(request: Request, uuid: UUID) -> Delegate:
    return get_object_or_404(Delegate.objects.looked_after_by(request.user).with_reason(), uuid=uuid)
