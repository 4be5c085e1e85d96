import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gfmd_portal.settings")
django = get_wsgi_application()

from programme import releases  # noqa: E402  (the registry must be ready)
from programme.front import Front  # noqa: E402

application = Front(django)

releases.warm()
