"""`python -m gfmd_portal.worker`: a worker of Celery, with the options of `celery worker`.

Started by the command line of Celery each of its processes would hold the interactive shell, too, which is 9 MB.
"""

import sys

from celery.bin.base import CLIContext
from celery.bin.worker import worker

from .celery import app


def main() -> None:
    worker(sys.argv[1:], obj=CLIContext(app=app, no_color=True, workdir=None, quiet=False))


if __name__ == "__main__":
    main()
