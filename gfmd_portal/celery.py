import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gfmd_portal.settings")
# They would load every address, with the views and the administration behind it: a third of what a worker takes.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

app = Celery("gfmd_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
