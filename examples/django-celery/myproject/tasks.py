import os

from celery import shared_task


@shared_task
def add(x, y):
    """The sum, and which process worked it out, so that one sees a new worker after a restart."""
    return {"sum": x + y, "worker_pid": os.getpid()}


@shared_task(ignore_result=True)
def heartbeat():
    print("the scheduler is alive")
