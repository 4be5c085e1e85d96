class RenderError(Exception):
    """A print that must not be handed out. Its text is the sentence that staff read."""
