from django.contrib.auth.middleware import LoginRequiredMiddleware


class DenyByDefaultMiddleware(LoginRequiredMiddleware):
    """Django's, but asks the view before the reader: a public page needs no session, so no database."""

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)
