"""Every address of the portal. Those of the rooms are joined here and nowhere else."""

from allauth.account.decorators import secure_admin_login
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView

from . import health

admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", login_not_required(RedirectView.as_view(pattern_name="programme:home")), name="root"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("admin/", admin.site.urls),
    path("", include("documents.verify_urls")),
    path("", include("programme.machine_urls")),
]
urlpatterns += i18n_patterns(
    path("accounts/", include("people.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("documents/", include("documents.urls")),
    path("", include("registrations.urls")),
    path("", include("programme.urls")),
)
