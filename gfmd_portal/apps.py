from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Composition: the commands and the groups that speak of several rooms."""

    name = "gfmd_portal"
    default_auto_field = "django.db.models.BigAutoField"
