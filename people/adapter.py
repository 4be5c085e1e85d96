from allauth.account.adapter import DefaultAccountAdapter
from django.core.mail import EmailMessage

from .mail import KEY_HEADER


class AccountAdapter(DefaultAccountAdapter):
    """allauth's mails carry links and codes: they are marked so, and blanked once sent."""

    def render_mail(self, template_prefix: str, email: str, context: dict, headers: dict | None = None) -> EmailMessage:
        return super().render_mail(template_prefix, email, context, headers={**(headers or {}), KEY_HEADER: "1"})
