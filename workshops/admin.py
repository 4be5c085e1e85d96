from django.contrib import admin

from schedule.admin.sessions import PaperInline, PartInline, RoleInline, SessionBaseAdmin

from .models import CommonSpaceSession, SideEvent, SpecialSession, Workshop


@admin.register(Workshop, SideEvent)
class PartnersAdmin(SessionBaseAdmin):
    own_translated = ["partners"]


@admin.register(SpecialSession)
class SpecialSessionAdmin(SessionBaseAdmin):
    own_translated = ["focus"]


class BreakoutInline(PartInline):
    model = CommonSpaceSession


@admin.register(CommonSpaceSession)
class CommonSpaceAdmin(SessionBaseAdmin):
    own_translated = ["focus"]
    inlines = [RoleInline, PaperInline, BreakoutInline]
