"""Who is signed in: asked at each of their requests, by a statement that is put together once."""

from contextvars import ContextVar
from typing import Any, cast

from allauth.account import auth_backends
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.db.models import QuerySet
from django.utils import timezone

from .models import BrowserSession, User
from .rows import prepared

# Came with the session of this request, until it is asked for or the session is another
_came_along: ContextVar[User | None] = ContextVar("account of the session", default=None)


class SessionStore(db.SessionStore):
    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        _came_along.set(None)

    @classmethod
    def get_model_class(cls) -> type[BrowserSession]:
        return BrowserSession

    def _get_session_from_db(self) -> BrowserSession | None:
        for session in _session(self.session_key):
            if session.expire_date > timezone.now():
                _came_along.set(session.account)
                return session
        self._session_key = None
        return None

    def create_model_instance(self, data: dict[str, Any]) -> BrowserSession:
        _came_along.set(None)
        session = cast(BrowserSession, super().create_model_instance(data))
        if SESSION_KEY in data:
            session.account = next(iter(_account(int(data[SESSION_KEY]))), None)
        return session

    def delete(self, session_key: str | None = None) -> None:
        _came_along.set(None)
        super().delete(session_key)


class AuthenticationBackend(auth_backends.AuthenticationBackend):
    def get_user(self, user_id: int) -> User | None:
        account = _came_along.get()
        _came_along.set(None)
        accounts = [account] if account and account.pk == user_id else _account(user_id)
        return next((user for user in accounts if self.user_can_authenticate(user)), None)


@prepared
def _session(key: str) -> QuerySet[BrowserSession]:
    return BrowserSession.objects.filter(session_key=key).select_related("account")


@prepared
def _account(key: int) -> QuerySet[User]:
    return User.objects.filter(pk=key).order_by()
