"""Who is signed in: asked at each of their requests, by statements that are put together once."""

from allauth.account import auth_backends
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from .models import User
from .rows import prepared


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        for session in _session(self.session_key):
            if session.expire_date > timezone.now():
                return session
        self._session_key = None
        return None


class AuthenticationBackend(auth_backends.AuthenticationBackend):
    def get_user(self, user_id: int) -> User | None:
        return next((user for user in _account(user_id) if self.user_can_authenticate(user)), None)


@prepared
def _session(key: str) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key)


@prepared
def _account(key: int) -> QuerySet[User]:
    return User.objects.filter(pk=key).order_by()
