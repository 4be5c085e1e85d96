from .door import check_in, check_in_sessions, count_plates, take_back
from .places import my, release, seat

__all__ = ["check_in", "check_in_sessions", "count_plates", "my", "release", "seat", "take_back"]
