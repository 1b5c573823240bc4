"""The portal as an ASGI application, for gunicorn."""

import os
import sys
from importlib import import_module

import django
from gunicorn.arbiter import Arbiter

from alliance_portal.env import BadSetting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance_portal.settings")
try:
    django.setup(set_prefix=False)
    import_module("alliance_portal.checks").stop_unless_safe()
except BadSetting as problem:
    sys.stderr.write(f"{problem}\n")
    sys.exit(Arbiter.WORKER_BOOT_ERROR)  # after any other status gunicorn tries for ever

from alliance_portal.serving.handler import Pages

application = Pages()
