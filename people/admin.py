import post_office.admin  # noqa: F401 - registers what is taken out again below
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group, Permission
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from post_office.models import Attachment, Email, EmailTemplate, Log

from .editing import PortalAdmin, ReadOnly, english, every_language, other_languages
from .foreign import as_given
from .mail import carries_key
from .models import Party, Person, User
from .resources import PartySheet
from .sorting import by_party
from .spreadsheets import SheetAdmin

VERBS = {"add": _("Add"), "change": _("Change"), "delete": _("Delete"), "view": _("View")}

admin.site.site_header = settings.SITE_NAME
admin.site.site_title = settings.SITE_NAME
admin.site.index_title = _("Administration")


class RegionalGroupFilter(admin.AllValuesFieldListFilter):
    def choices(self, changelist):
        for choice in super().choices(changelist):
            yield {**choice, "display": gettext(str(choice["display"]) or "–")}


@admin.register(Party)
class PartyAdmin(SheetAdmin, PortalAdmin):
    resource_classes = [PartySheet]
    list_display = ["short_name", "code", "kind", "acronym", "group", "valid_from", "valid_to"]
    list_filter = ["kind", ("regional_group", RegionalGroupFilter)]
    search_fields = ["code", *every_language("short_name", "formal_name", "acronym")]
    fieldsets = [
        (None, {"fields": ["code", "kind", *english("short_name", "formal_name", "acronym", "sort_key")]}),
        other_languages("short_name", "formal_name", "acronym", "sort_key"),
        (_("Names in force"), {"fields": [("valid_from", "valid_to"), "source"]}),
        (_("For organisers"), {"fields": [("region", "regional_group"), "note"]}),
    ]

    @admin.display(description=_("regional group"), ordering="regional_group")
    def group(self, party):
        return party.regional_group and gettext(party.regional_group)

    def get_ordering(self, request):
        return [by_party(), "pk"]


@admin.register(Person)
class PersonAdmin(PortalAdmin):
    list_display = ["family_name", "given_name", "honorific", "arabic_name", "protocol_rank"]
    list_display_links = ["family_name", "given_name"]
    search_fields = ["family_name", "given_name", "arabic_name"]
    fields = [("honorific", "given_name", "family_name"), "arabic_name", "protocol_rank"]

    def has_change_permission(self, request, obj=None):
        """Nobody gives an erased person a name again."""
        return (obj is None or obj.erased_at is None) and super().has_change_permission(request, obj)


class UserCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ["email"]


def group(row: Group) -> str:
    return gettext(row.name)


def right(row: Permission) -> str:
    """Django keeps the names of rights in English: said anew, of the model and the verb."""
    verb = row.codename.partition("_")[0]
    return f"{row.content_type.name}: {VERBS[verb] if verb in VERBS else gettext(row.name)}"


class GroupFilter(admin.RelatedFieldListFilter):
    def field_choices(self, field, request, model_admin):
        return [(pk, gettext(str(name))) for pk, name in super().field_choices(field, request, model_admin)]


@admin.register(User)
class UserAdmin(PortalAdmin, DjangoUserAdmin):
    """Accounts. Passwords are set by their owners; an account can be opened without one."""

    add_form = UserCreationForm
    list_display = ["email", "person", "is_active", "is_staff", "date_joined", "last_login"]
    list_filter = ["is_active", "is_staff", ("groups", GroupFilter)]
    list_select_related = ["person"]
    search_fields = ["email", "person__family_name", "person__given_name"]
    ordering = ["email"]
    autocomplete_fields = ["person"]
    readonly_fields = ["date_joined", "last_login", "privacy_version", "privacy_agreed_at"]
    fieldsets = [
        (None, {"fields": ["email", "password", "person"]}),
        (_("Rights"), {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]}),
        (_("History"), {"fields": ["date_joined", "last_login", "privacy_version", "privacy_agreed_at"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "usable_password", "password1", "password2"]})]

    def get_fieldsets(self, request, obj=None):
        """What is kept of a password says nothing to those who cannot set it."""
        account, *others = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return [account, *others]
        return [(None, {"fields": ["email", "person"]}), *others]

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field:
            field.label_from_instance = right if db_field.name == "user_permissions" else group  # type: ignore[method-assign, assignment]
        return field

    def get_readonly_fields(self, request, obj=None):
        """Rights are given by those who hold all of them: an organiser cannot raise anyone."""
        rights = ["is_staff", "is_superuser", "groups", "user_permissions"]
        return [*self.readonly_fields, *([] if request.user.is_superuser else rights)]

    def has_change_permission(self, request, obj=None):
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)


for model in (Email, EmailTemplate, Attachment, Log):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


@admin.register(Email)
class EmailAdmin(ReadOnly, PortalAdmin):
    """Outgoing mail, to be looked at. Mails that carry a key show no text (but in a demo)."""

    list_display = ["subject", "recipients", "status", "written"]
    list_filter = ["status"]
    date_hierarchy = "created"
    search_fields = ["subject", "to"]
    ordering = ["-pk"]
    change_form_template = "admin/change_form.html"  # that of post_office offers to send again
    fields = ["subject", "recipients", "sender", "status", "written", "tried", "retries", "text"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("html_message")

    @admin.display(description=_("to"))
    def recipients(self, email):
        return as_given(", ".join(email.to))

    @admin.display(description=_("from"))
    def sender(self, email):
        return as_given(email.from_email)

    @admin.display(description=_("written"), ordering="created")
    def written(self, email):
        return email.created

    @admin.display(description=_("last tried"))
    def tried(self, email):
        return email.last_updated

    @admin.display(description=_("tried again"))
    def retries(self, email):
        return email.number_of_retries or 0

    @admin.display(description=_("text"))
    def text(self, email):
        if carries_key(email) and not settings.DEMO:
            return _("Not shown: this message opens an account.")
        return as_given(email.message)
