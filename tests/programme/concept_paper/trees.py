"""Trees without what differs from file to file."""

from dataclasses import fields, is_dataclass, replace


def without_lines(node):
    """The same tree wherever it stood, and without what was left over."""
    if isinstance(node, tuple):
        return tuple(without_lines(each) for each in node)
    if not is_dataclass(node):
        return node
    changes = {each.name: without_lines(getattr(node, each.name)) for each in fields(node)}
    if "line" in changes:
        changes["line"] = 0
    if "unplaced" in changes:
        changes["unplaced"] = ()
    return replace(node, **changes)
