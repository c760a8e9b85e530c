"""Gunicorn's own settings; the port comes from the environment, as everything that differs by machine."""

import os

bind = "127.0.0.1:" + os.environ.get("SITE_PORT", "8000")
workers = 1
# Threads let one worker answer pages while another request waits for a task, and notice within a second
# that their master is gone.
worker_class = "gthread"
threads = 4
# Access log to stdout, errors to stderr: Supervisor writes both to a file.
accesslog = "-"
errorlog = "-"
