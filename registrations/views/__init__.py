from .places import my, release, seat

__all__ = ["my", "release", "seat"]
