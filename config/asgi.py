"""The way in for an asynchronous web server. Leeway itself is served through config.wsgi."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_asgi_application()

from config.checks import refuse_insecure  # noqa: E402  (needs the settings)

refuse_insecure()
