from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import filter_users_by_email
from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import translate_url
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from .mail import KEY_HEADER


class AccountAdapter(DefaultAccountAdapter):
    """allauth's mails carry links and codes: they are marked so, and blanked once sent."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "cannot_remove_primary_email": _("The main address cannot be removed."),
        "duplicate_email": _("This address belongs to your account already."),
        "email_password_mismatch": _("This e-mail address and this password do not go together."),
        "email_taken": _("There is an account with this e-mail."),
        "enter_current_password": _("This is not your password."),
        "incorrect_code": _("This is not the code that was sent."),
        "incorrect_password": _("This is not your password."),
        "invalid_password_reset": _("This link no longer works."),
        "max_email_addresses": _("An account has %d addresses at most."),
        "rate_limited": _("Too many attempts. Try again in a few minutes."),
        "same_as_current": _("This is the same as before."),
        "too_many_login_attempts": _("Too many attempts. Try again in a few minutes."),
        "unverified_primary_email": _("The main address has to be confirmed first."),
    }

    def render_mail(self, template_prefix: str, email: str, context: dict, headers: dict | None = None) -> EmailMessage:
        """In the language of the account, as are the pages it leads to; to a stranger in that of the page.

        Links lead to the portal, whatever host the request was sent to.
        """
        user = context.get("user") or next(iter(filter_users_by_email(email)), None)
        language = user.language if user else translation.get_language()
        links = {
            name: settings.BASE_URL + urlsplit(translate_url(url, language)).path
            for name, url in context.items()
            if name.endswith("_url")
        }
        with translation.override(language):
            return super().render_mail(
                template_prefix, email, {**context, **links}, headers={**(headers or {}), KEY_HEADER: "1"}
            )
