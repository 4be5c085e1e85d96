from .asking import ask
from .desk import archive, documents, prepare, queue, rebuild
from .issue import issue
from .own import my_pack
from .prints import again, document, download
from .verify import verify

__all__ = [
    "again",
    "archive",
    "ask",
    "document",
    "documents",
    "download",
    "issue",
    "my_pack",
    "prepare",
    "queue",
    "rebuild",
    "verify",
]
