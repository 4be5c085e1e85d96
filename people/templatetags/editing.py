"""How the administration shows a field that is not to be changed."""

from typing import Any

from django import template
from django.contrib.admin.utils import display_for_value, lookup_field
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import BooleanField, CharField, ForeignKey, JSONField, TextField
from django.utils.html import format_html
from django.utils.translation import get_language_info

from ..foreign import as_given, in_words, yes_or_no

register = template.Library()


@register.filter
def titled(row: Any) -> Any:
    """The title of a session: marked where it falls back to English."""
    return in_words(row, "title")


TYPED = (CharField, TextField, ForeignKey, JSONField)


@register.filter
def shown(field: Any) -> Any:
    """The contents of an AdminReadonlyField, in words and with the marks of its language."""
    name, row = field.field["field"], field.form.instance
    try:
        known, _attribute, value = lookup_field(name, row, field.model_admin)
    except (AttributeError, ValueError, ObjectDoesNotExist):
        return field.contents()
    if known is None:
        return field.contents() if isinstance(value, str) else display_for_value(value, "–")
    if isinstance(known, BooleanField):
        return yes_or_no(row, name)
    if known.choices or not isinstance(known, TYPED):
        return field.contents()
    if language := getattr(known, "language", ""):
        direction = "rtl" if get_language_info(language)["bidi"] else "ltr"
        return format_html('<span lang="{}" dir="{}">{}</span>', language, direction, field.contents())
    return as_given(field.contents()) or "–"
