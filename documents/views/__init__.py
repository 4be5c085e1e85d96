from .asking import ask
from .desk import archive, documents, prepare, queue, rebuild
from .issue import issue
from .own import my_pack
from .prints import again, document, download
from .runs import run, run_file, run_file_again, run_line, run_list, run_supplement
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
    "run",
    "run_file",
    "run_file_again",
    "run_line",
    "run_list",
    "run_supplement",
    "verify",
]
