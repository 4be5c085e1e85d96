"""How often one client may ask. Counted in the broker’s store; while that is away nobody is counted."""

import ipaddress
import logging
import math
import time
from functools import cache, lru_cache

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger(__name__)

WINDOW = 60  # seconds
LEFT_ALONE = 10  # seconds, after which a store that was away is asked again
_away_until = 0.0


def wait(request: HttpRequest) -> int:
    """How many seconds this client has to wait; 0 when it may be answered."""
    global _away_until
    if time.monotonic() < _away_until:
        return 0
    window, passed = divmod(time.time(), WINDOW)
    try:
        store, key = _store(settings.CELERY_BROKER_URL), f"api:{_client(request)}:{window:.0f}"
        count = store.incr(key)
        if count == 1:
            store.expire(key, 2 * WINDOW)
    except (RedisError, OSError) as error:
        log.warning("Nobody is counted: %s", error)
        _away_until = time.monotonic() + LEFT_ALONE
        return 0
    return 0 if count <= settings.API_REQUESTS_PER_MINUTE else max(1, math.ceil(WINDOW - passed))


@cache
def _store(url: str) -> Redis:
    return Redis.from_url(url, socket_connect_timeout=0.2, socket_timeout=0.2, retry=Retry(NoBackoff(), 0))


def _client(request: HttpRequest) -> str:
    try:
        return _unread(get_adapter().get_client_ip(request))
    except (PermissionDenied, ValueError):
        return "unknown"


@lru_cache(maxsize=1024)
def _unread(address: str) -> str:
    """A name for who asks, from which the address is not read; of IPv6 for the network that a household is given."""
    bits = 64 if ipaddress.ip_address(address).version == 6 else 32
    network = ipaddress.ip_network(f"{address}/{bits}", strict=False)
    return salted_hmac("programme.api", str(network)).hexdigest()[:16]
