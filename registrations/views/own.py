from uuid import UUID

from django.shortcuts import get_object_or_404

from ..models import Delegation
from .frame import Request


def own(request: Request, uuid: UUID) -> Delegation:
    """The delegation that the reader looks after at the current forum; another’s is as one that does not exist."""
    return get_object_or_404(Delegation.objects.looked_after_by(request.user), uuid=uuid)
