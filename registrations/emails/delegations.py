from typing import Any

from ..models import Delegate
from .sending import account, inert, send


def withdrawn(delegate: Delegate) -> None:
    def context() -> dict[str, Any]:
        return {"party": inert(delegate.delegation.party)}

    send("withdrawn", account(delegate), context)
