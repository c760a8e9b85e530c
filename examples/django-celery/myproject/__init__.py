"""A site of one page and one task. Celery is loaded with Django so that its tasks know their broker."""

from .celery import app as celery_app

__all__ = ("celery_app",)
