"""What the portal tells the worker that keeps pages in browsers."""

from datetime import UTC, datetime
from urllib.parse import unquote

import pytest

from people.models import User
from programme import releases, services
from schedule.models import Session

from .test_views import LANGUAGES, member, publish

MOMENT = datetime(2018, 12, 6, 7, 25, 40, tzinfo=UTC)
WORDS = {
    "en": "6 December, 08:25",
    "fr": "6 décembre, 08:25",
    "es": "6 de diciembre, 08:25",
    "ar": "6 كانون الأول/ديسمبر، الساعة 08:25",
}


def test_worker_may_answer_for_every_language_and_is_asked_for_anew(client):
    answer = client.get("/sw.js")

    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert answer.content.startswith(b"// Build ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_kept_page_says_when_it_was_handed_out_in_the_words_of_its_reader(client, published, monkeypatch, language):
    monkeypatch.setattr("django.utils.timezone.now", lambda: MOMENT)
    for _first_and_again in range(2):
        taken, words = client.get(f"/{language}/programme/")["As-Of"].split(" ")
        assert (taken, unquote(words)) == ("2018-12-06T08:25+01:00", WORDS[language])


def test_version_differs_with_a_release_and_its_withdrawal(client, published, marrakesh, monkeypatch):
    monkeypatch.setattr(releases, "ASK_EVERY", 0)
    seen = [client.get("/en/fragments/version/").content.decode()]
    Session.objects.filter(slug="opening").update(title_en="Opening, reworded")
    publish(marrakesh)
    seen.append(client.get("/en/fragments/version/").content.decode())
    services.withdraw(release=marrakesh.releases.get(number=2), by=None, reason="Wrong")
    seen.append(client.get("/en/fragments/version/").content.decode())

    assert len(set(seen)) == 3
    page = client.get("/en/programme/")
    assert (page["Release"], f'<meta name="release" content="{seen[-1]}">' in page.content.decode()) == (seen[-1], True)


def test_reader_is_named_by_a_key_of_their_own_that_tells_nothing(client, published):
    keys = [client.get("/en/accounts/corner/")["Reader"]]
    for user in (member(), User.objects.create_user("other@example.org", "a long password")):
        client.force_login(user)
        keys.append(client.get("/en/accounts/corner/")["Reader"])
        assert client.get("/en/accounts/corner/")["Reader"] == keys[-1]

    assert (keys[0], len(set(keys)), {len(key) for key in keys[1:]}) == ("nobody", 3, {20})
