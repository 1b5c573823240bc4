"""The portal's Celery application; its settings are the CELERY_ names in settings.py."""

import os

from celery import Celery
from celery.signals import worker_process_init

from alliance_portal.launcher.children import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance_portal.settings")

app = Celery("alliance_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect(weak=False)
def end_with_the_worker(**_sent: object) -> None:
    """A pool process whose worker was killed must not wait for work for ever."""
    die_with_parent()
