"""allauth's forms in the portal's words."""

from typing import Any

from allauth.account import forms
from django.utils.translation import gettext_lazy as _


class InOurWords:
    """Mix into a form of allauth: labels of ours, and no placeholder that says the label again."""

    labels: dict[str, Any] = {
        "login": _("E-mail address"),
        "email": _("E-mail address"),
        "password": _("Password"),
        "oldpassword": _("Password until now"),
        "password1": _("New password"),
        "password2": _("The same password again"),
        "remember": _("Stay signed in"),
        "code": _("Code"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.label = self.labels.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
            if name in {"login", "email", "code"}:
                field.widget.attrs["dir"] = "ltr"


class LoginForm(InOurWords, forms.LoginForm):
    pass


class RequestLoginCodeForm(InOurWords, forms.RequestLoginCodeForm):
    pass


class ConfirmLoginCodeForm(InOurWords, forms.ConfirmLoginCodeForm):
    pass


class ResetPasswordForm(InOurWords, forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(InOurWords, forms.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(InOurWords, forms.ChangePasswordForm):
    pass


class SetPasswordForm(InOurWords, forms.SetPasswordForm):
    pass


class AddEmailForm(InOurWords, forms.AddEmailForm):
    pass


class ReauthenticateForm(InOurWords, forms.ReauthenticateForm):
    pass
