"""What cannot be read as a concept paper."""


class NotAPaper(Exception):
    """One sentence, in the reader's language, that says what is wrong with the file."""
