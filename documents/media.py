"""Pictures from outside, on the way into a print. For workers."""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files import File
from PIL import Image, ImageFile

from people.uploads import MAX_PIXELS

LARGEST = (480, 640)  # points: 400 to the inch on a badge


@contextmanager
def on_this_disk(media: Mapping[str, File]) -> Iterator[tuple[dict[str, Path], list[str]]]:
    """Each picture as a JPEG on this disk, wherever it is stored, and the names of those that cannot be read."""
    with TemporaryDirectory() as folder:
        paths: dict[str, Path] = {}
        unreadable = []
        for name, stored in media.items():
            try:
                with stored.open() as file:
                    data = _small(file.read())
            except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
                unreadable.append(name)
            else:
                paths[name] = Path(folder) / name
                paths[name].write_bytes(data)
        yield paths, unreadable


def _small(data: bytes) -> bytes:
    """As many points as paper can show. Decoding it to the end finds what is damaged."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint sets it for the whole process, and half a face would be grey
    with Image.open(io.BytesIO(data), formats=["JPEG", "PNG"]) as picture:
        picture.draft("RGB", LARGEST)
        if picture.width * picture.height > MAX_PIXELS:
            raise ValueError("it would not fit into the memory of a worker")
        small = picture.convert("RGB")
    small.thumbnail(LARGEST)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=85)
    return out.getvalue()
