from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from people.uploads import UploadRefused, photograph


class PhotographForm(forms.Form):
    """Gives the picture as a JPEG of our own making."""

    photograph = forms.FileField(
        label=_("Photograph"),
        help_text=_("PNG or JPEG, 5 MB at most: head and shoulders, upright."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
    )

    def clean_photograph(self) -> bytes:
        try:
            return photograph(self.cleaned_data["photograph"])
        except UploadRefused as refusal:
            raise ValidationError(str(refusal)) from refusal


class ListingForm(forms.Form):
    may_be_listed = forms.TypedChoiceField(
        label=_("May your name stand in the published list of participants?"),
        help_text=_("You can change your answer at any time. While you have not answered, it does not stand there."),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
    )
