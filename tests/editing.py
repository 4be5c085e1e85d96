"""The administration as its users see it: who they are, and what a page would post unchanged."""

from django.contrib.auth.models import Permission
from django.db.models import Q
from django.test import Client

from people.models import User

APPS = ["people", "schedule", "themes", "roundtables", "workshops", "programme", "registrations"]


def organiser() -> User:
    """May edit the programme and publish it. Not a superuser: rights are tested too."""
    user = User.objects.create_user("organiser@forum.example", "x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label__in=APPS))
    return user


def staff() -> User:
    user = User.objects.create_user("staff@forum.example", "x", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(Q(content_type__app_label__in=APPS, codename__startswith="view_"))
    )
    return user


def delegate() -> User:
    return User.objects.create_user("delegate@forum.example", "x")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def posted(response) -> dict:
    """What the browser would post if nobody touched the change form in `response`."""
    forms = [response.context["adminform"].form]
    data = {}
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.initial_forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            widget = bound.field.widget
            if hasattr(widget, "decompress"):
                for place, part in enumerate(widget.decompress(value)):
                    data[f"{bound.html_name}_{place}"] = widget.widgets[place].format_value(part) or ""
            elif isinstance(value, bool):
                data.update({bound.html_name: "on"} if value else {})
            elif isinstance(value, list):
                data[bound.html_name] = [str(getattr(item, "pk", item)) for item in value]
            else:
                data[bound.html_name] = "" if value is None else widget.format_value(value) or ""
                if isinstance(data[bound.html_name], list):
                    data[bound.html_name] = data[bound.html_name][0]
    return data
