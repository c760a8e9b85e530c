"""The least a Django site needs: no database, no sessions, no static files."""

import os

SECRET_KEY = os.environ.get("SITE_SECRET_KEY", "placeholder-for-an-example-change-me")
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "myproject.urls"
WSGI_APPLICATION = "myproject.wsgi.application"
INSTALLED_APPS = []
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
DATABASES = {}
USE_TZ = True

_REDIS = "redis://127.0.0.1:%s" % os.environ.get("REDIS_PORT", "6379")

CELERY_BROKER_URL = _REDIS + "/0"
CELERY_RESULT_BACKEND = _REDIS + "/1"
CELERY_RESULT_EXPIRES = 600
CELERY_BEAT_SCHEDULE = {
    "heartbeat": {"task": "myproject.tasks.heartbeat", "schedule": 30.0},
}
