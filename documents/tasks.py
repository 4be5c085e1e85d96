from celery import shared_task
from celery.signals import worker_process_init


# The web process imports this module to send a task; rendering is imported in the worker only.
@worker_process_init.connect
def limit(**_signal: object) -> None:
    from .pdf import limit_child

    limit_child()


@shared_task
def build_document(document: str) -> None:
    from .building import build

    build(document)


@shared_task
def build_run_part(part: str) -> None:
    from .running import build_part

    build_part(part)


@shared_task
def sweep() -> None:
    """Pick up what was left, and follow the log of releases."""
    from . import editions, services

    services.sweep()
    while editions.follow():
        pass
