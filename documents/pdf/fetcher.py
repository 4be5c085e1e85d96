"""What a print may load: our own print files and the media it was handed, nothing else."""

from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

# Every relative address in a print resolves against this one. It names no host and no folder of
# the machine, so it can be neither reached nor abused, and the bytes do not depend on where we run.
ORIGIN = "https://print.invalid/"
MEDIA = "media/"
PNG = "data:image/png;base64,"
TYPES = {
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}


class OwnFiles(URLFetcher):
    """Serves the files under `root`, and as `media/<name>` the paths in `media`.

    Anything else is refused and counted. WeasyPrint swallows a refusal made inside an SVG, so
    whoever renders looks at `refused` afterwards.
    """

    def __init__(self, root: Path, media: Mapping[str, Path]):
        # Nothing of what it would make ready for the network, at each print
        self.root = root.resolve()
        self.media = media
        self.refused: list[str] = []
        self._fail_on_errors = True

    def fetch(self, url, headers=None):
        if url.startswith(PNG):
            return URLFetcherResponse(url, b64decode(url.removeprefix(PNG)), {"Content-Type": "image/png"})
        name = unquote(urlsplit(url).path).removeprefix("/") if url.startswith(ORIGIN) else ""
        kind = TYPES.get(Path(name).suffix.lower())
        path = self._path(name)
        if kind is None or path is None or not path.is_file():
            self.refused.append(url[:200])
            raise FatalURLFetchingError(f"refused: {url[:200]}")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})

    def is_own(self, url: str) -> bool:
        """One of the print files, which are the same for every print."""
        return url.startswith(ORIGIN) and not url.startswith(ORIGIN + MEDIA)

    def _path(self, name: str) -> Path | None:
        if name.startswith(MEDIA):
            return self.media.get(name.removeprefix(MEDIA))
        path = (self.root / name).resolve()
        return path if path.is_relative_to(self.root) else None
