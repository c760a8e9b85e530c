import os

from celery.exceptions import TimeoutError as TaskTimeout
from django.http import HttpResponse, JsonResponse

from .tasks import add

_PAGE = """<!doctype html>
<html lang="en">
<head><title>myproject</title></head>
<body>
<h1>It works</h1>
<p>Served by Gunicorn, process %(pid)d. <a href="/add/2/3">Let Celery add 2 and 3</a>.</p>
</body>
</html>
"""

# Long enough for a worker that is just being restarted.
_TASK_TIMEOUT_SECS = 20


def front_page(request):
    return HttpResponse(_PAGE % {"pid": os.getpid()})


def add_through_celery(request, x, y):
    """Sends the task through Redis and waits for its result."""
    task = add.delay(x, y)
    try:
        return JsonResponse(task.get(timeout=_TASK_TIMEOUT_SECS))
    except TaskTimeout:
        return JsonResponse({"error": "no worker answered in time"}, status=504)
