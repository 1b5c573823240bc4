"""The portal as an ASGI application, for gunicorn."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance_portal.settings")
django.setup(set_prefix=False)

from alliance_portal.serving.handler import Pages  # noqa: E402

application = Pages()
