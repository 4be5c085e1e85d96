"""Days and hours where Django writes them, which is in the administration.

Its French and Spanish forms are those of the portal; its English one is American, and Arabic has none.
"""
