"""In the hall without a network: the programme, one's places and one's pack are read, and say that they are copies.

The network goes in two ways: the telephone is switched off it, or the portal is not reached. The forum is held today,
where it is 08:45 now (`test_the_day`); one's own places are at the current one.
"""

import re
import time
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from programme import releases

from .conftest import sign_in
from .portal import Door, wait_for
from .test_the_day import PHONE, at, today  # noqa: F401  (a fixture)

WORDS = {
    "en": r"Offline\. As of (.+)\. Rooms may have changed\.",
    "fr": r"Hors ligne\. Dernier état connu\s: (.+)\. Les salles ont pu changer\.",
    "ar": r"غير متصل بالشبكة\. آخر ما عُرف: (.+)\. ربما تغيرت القاعات\.",
}
WITHOUT = {
    "en": "There is no network, and no copy of this page",
    "fr": "Pas de réseau, ni de copie de cette page",
    "ar": "لا توجد شبكة، ولا نسخة من هذه الصفحة",
}
ORANGERAIE = re.compile("Orangeraie|أورانجيري")  # where the roundtable is, unless it is in the Roseraie
OF_THE_NETWORK = re.compile("Failed to load resource|htmx:(afterRequest|sendError)")
SLUG = "summit-of-copies"
address = at(SLUG)
SOON = 10_000  # ms in which the new is there when the network is back
CALM = 30_000  # ms between two questions of an open page
KEPT = """async () => {
  const found = {};
  for (const name of await caches.keys())
    found[name] = (await (await caches.open(name)).keys()).map(({url}) => url.slice(location.origin.length));
  return found;
}"""
ELSEWHERE = """
from django.core.management import call_command
from schedule.models import Room, Session
session = Session.objects.get(forum__slug="{slug}", slug="roundtable-3-1")
room = "roseraie" if session.room.slug == "orangeraie" else "orangeraie"
session.room = Room.objects.get(venue=session.venue, slug=room)
session.save()
call_command("publish", forum="{slug}")
print(room)
"""
AGED = """async ([address, asOf]) => {
  const pages = await caches.open("pages");
  const copy = await pages.match(address);
  const headers = new Headers(copy.headers);
  headers.set("As-Of", asOf);
  await pages.put(address, new Response(await copy.text(), {headers}));
}"""


class Network:
    """What lies between a telephone and the portal."""

    def __init__(self, door, page, way: str) -> None:
        self.door, self.page, self.way = door, page, way

    def cut(self) -> None:
        self.page.context.set_offline(True) if self.way == "switched off" else self.door.shut()

    def mend(self) -> None:
        self.page.context.set_offline(False) if self.way == "switched off" else self.door.open()


@pytest.fixture
def pocket(portal, visit):
    """A telephone that keeps copies, and its network."""
    door = Door(portal.url)
    door.open()

    def pocket_of(way: str = "switched off", **options):
        page = visit(base_url=door.url, service_workers="allow", viewport=PHONE, **options)
        return page, Network(door, page, way)

    yield pocket_of
    door.shut()
    visit.complaints[:] = [text for text in visit.complaints if not OF_THE_NETWORK.match(text)]


def kept(page) -> dict[str, list[str]]:
    return page.evaluate(KEPT)


def wait_until_kept(page, *addresses: str) -> None:
    wait_for(lambda: set(addresses) <= {one for found in kept(page).values() for one in found}, what=str(addresses))


def own(page) -> list[str]:
    return [one for name, found in kept(page).items() if name.startswith("own-") for one in found]


def as_of(page, language: str) -> str:
    found = re.fullmatch(WORDS[language], page.locator(".offline").inner_text().strip())
    assert found, page.locator(".offline").inner_text()
    return found[1]


def hours_around(moment: datetime) -> set[str]:
    return {f"{moment + timedelta(minutes=minutes):%H:%M}" for minutes in (-1, 0, 1)}


def move(portal, slug: str = SLUG) -> bool:
    """Publishes that roundtable 3.1 is in the other room; whether that is the Orangeraie."""
    moved = portal.manage("shell", "-c", ELSEWHERE.format(slug=slug)).split()[-1] == "orangeraie"
    time.sleep(2 * releases.ASK_EVERY)  # by then the web process has asked, too
    return moved


def expect_moved(page, to_orangeraie: bool, within: int = SOON) -> None:
    said = expect(page.locator("article.slot").filter(has=page.locator("a[href$='/roundtables/3.1/']")))
    if to_orangeraie:
        said.to_contain_text(ORANGERAIE, timeout=within)
    else:
        said.not_to_contain_text(ORANGERAIE, timeout=within)


@pytest.mark.parametrize("way", ["switched off", "not reached"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_programme_is_read_without_a_network_and_takes_the_new_when_it_is_back(pocket, portal, today, language, way):  # noqa: F811
    page, network = pocket(way, locale=language)
    day = address(language, f"programme/{today:%Y-%m-%d}/")
    page.goto(address(language, "roundtables/3.1/"), wait_until="networkidle")
    page.goto(address(language))
    expect(page.locator(".now")).to_be_visible()
    wait_until_kept(page, day, address(language, "roundtables/3.1/"), address(language, "offline/"))
    taken = datetime.now(today.tzinfo)

    network.cut()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.locator(".offline").wait_for()
    assert page.locator(".now").count() == 0
    assert as_of(page, language) in hours_around(taken)
    for path in (day, address(language, "roundtables/3.1/"), address(language)):
        page.goto(path)
        assert as_of(page, language) in hours_around(taken)
        assert page.locator(".now").count() == 0
    for other in (address(language, "commitments/"), f"/{language}/search/?q=rabat", "/es/programme/"):  # none is kept
        assert page.goto(other).status == 503
        assert page.locator("h1").inner_text() == WITHOUT[language]
    page.goto(address(language))
    moved = move(portal)

    network.mend()
    expect(page.locator(".offline")).to_have_count(0, timeout=SOON)
    expect(page.locator(".now")).to_be_visible()
    expect_moved(page, moved)


def test_what_is_typed_and_where_one_is_stays_when_the_page_is_renewed(pocket, portal, today):  # noqa: F811
    page, network = pocket()
    page.goto(address("en"), wait_until="networkidle")
    wait_until_kept(page, address("en"), address("en", "offline/"))
    page.locator(".filter-box summary").click()
    page.select_option("#f-kind", "roundtable")
    page.locator("#f-kind").focus()
    scrolled = page.evaluate("() => { scrollTo({top: 300, behavior: 'instant'}); return scrollY; }")

    network.cut()
    page.locator(".offline").wait_for()
    moved = move(portal)
    network.mend()
    expect(page.locator(".offline")).to_have_count(0, timeout=SOON)

    expect_moved(page, moved)
    assert page.locator("#f-kind").input_value() == "roundtable"
    assert page.evaluate("[document.activeElement.id, scrollY]") == ["f-kind", scrolled]


def test_copy_of_another_day_names_the_day(pocket):
    page, network = pocket()
    page.goto("/en/programme/", wait_until="networkidle")
    wait_until_kept(page, "/en/programme/", "/en/offline/")
    network.cut()
    page.locator(".offline").wait_for()  # so that nothing takes the page anew
    page.evaluate(AGED, ["/en/programme/", "2018-12-05T08:25+01:00 5%20December%2C%2008%3A25"])
    page.goto("/en/programme/")

    assert as_of(page, "en") == "5 December, 08:25"
    assert page.locator("html").get_attribute("data-offline") == "old"


ME = """
from django.utils import timezone
from documents.services import request_document
from registrations.models import Delegate, Seating
from registrations.services import give_up, register
me = Delegate.objects.get(person__user__email="delegate@example.org")
as_i_am = {"by": me.person.user, "now": timezone.now()}
"""
TAKE = f"""
register(seating=Seating.objects.get(session__slug="roundtable-2-2"), delegate=me, **as_i_am)
for language in {list(WORDS)}:
    request_document(kind="participant_pack", subject=str(me.uuid), language=language, by=me.person.user)
"""
GIVE_UP = """
give_up(registration=me.registrations.active().get(seating__session__slug="roundtable-2-2"), **as_i_am)
"""


@pytest.fixture(scope="module")
def pack_is_made(portal):
    """The delegate has a place, and a pack in each language that is read here."""
    unmade = "SELECT 1 FROM documents_document WHERE kind = 'participant_pack' AND state <> 'ready'"
    with portal.leaving_no_new("documents_document"):
        portal.manage("shell", "-c", ME + TAKE)
        wait_for(lambda: not portal.sql(unmade), seconds=120, what="the packs")
        yield
    portal.manage("shell", "-c", ME + GIVE_UP)


@pytest.mark.usefixtures("pack_is_made")
@pytest.mark.parametrize("language", list(WORDS))
def test_places_and_pack_are_read_without_a_network_until_sign_out(pocket, portal, language):
    page, network = pocket("not reached", locale=language)
    sign_in(page, "delegate@example.org", portal.password)
    page.goto(f"/{language}/programme/", wait_until="networkidle")
    page.goto(f"/{language}/my/", wait_until="networkidle")
    pack = re.compile(rf"/{language}/documents/my-pack/[0-9a-f]")
    wait_for(lambda: any(map(pack.match, own(page))), what="the pack")
    wait_until_kept(page, f"/{language}/my/", f"/{language}/offline/")

    network.cut()
    page.goto(f"/{language}/my/")
    assert re.fullmatch(r"\d\d:\d\d", as_of(page, language))
    page.locator("main a[href$='/roundtables/2.2/']").first.wait_for()
    with page.expect_download() as download:
        page.locator("main a[href*='/my-pack/']").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    assert page.locator(".corner a[href$='/logout/']").is_visible()

    network.mend()
    expect(page.locator(".offline")).to_have_count(0, timeout=SOON)
    page.goto(f"/{language}/accounts/logout/")
    page.locator("main form button").click()
    page.wait_for_url(f"**/{language}/")
    assert own(page) == []
    network.cut()
    page.goto(f"/{language}/my/")
    assert page.locator("h1").inner_text() == WITHOUT[language]
    assert "2.2" not in page.locator("main").inner_text()
    network.mend()


def test_copies_go_with_the_session_and_are_never_shown_to_another(pocket, portal):
    page, _network = pocket()
    page.goto("/en/programme/", wait_until="networkidle")
    sign_in(page, "delegate@example.org", portal.password)
    wait_until_kept(page, "/en/my/")
    (first,) = [name for name in kept(page) if name.startswith("own-")]
    page.context.clear_cookies(name="sessionid")
    page.goto("/en/programme/", wait_until="networkidle")
    wait_for(lambda: own(page) == [], what="the copies to go")

    sign_in(page, "observer@example.org", portal.password)
    wait_until_kept(page, "/en/my/")
    (second,) = [name for name in kept(page) if name.startswith("own-")]
    assert first != second
    page.context.clear_cookies(name="sessionid")
    other = page.context.request  # a session that began elsewhere, unseen by the worker
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', other.get("/en/accounts/login/").text())[1]
    form = {"login": "delegate@example.org", "password": portal.password, "csrfmiddlewaretoken": token}
    other.post("/en/accounts/login/", form=form, headers={"Referer": page.url})
    page.goto("/en/programme/", wait_until="networkidle")
    assert [name for name in kept(page) if name.startswith("own-")] == [first]


def test_worker_has_no_part_in_the_administration_the_desk_and_the_doors(pocket, portal):
    page, _network = pocket()
    page.goto("/en/programme/", wait_until="networkidle")
    sign_in(page, "organiser@example.org", portal.password)
    page.goto("/en/programme/", wait_until="networkidle")
    paths = ["/en/programme/", "/en/my/", "/admin/", "/admin/schedule/session/", "/en/documents/", "/en/checkin/"]
    paths += ["/en/documents/runs/", "/en/accounts/", "/en/delegation/", "/en/preview/programme/"]

    answered = {path: page.goto(path).from_service_worker for path in paths}
    page.wait_for_load_state("networkidle")

    assert [path for path, by_worker in answered.items() if by_worker] == ["/en/programme/", "/en/my/"]
    stored = [one for found in kept(page).values() for one in found]
    assert [one for one in stored if "admin" in one or ("/documents/" in one and "my-pack" not in one)] == []


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_programme_can_be_installed(pocket, language):
    page, _network = pocket(locale=language)
    page.goto(f"/{language}/programme/", wait_until="networkidle")
    devtools = page.context.new_cdp_session(page)
    wait_for(lambda: devtools.send("Page.getAppManifest").get("data"), what="the manifest")

    manifest = devtools.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert f'"lang": "{language}"' in manifest["data"]
    assert f'"start_url": "/{language}/programme/"' in manifest["data"]
    errors = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [error["errorId"] for error in errors if error["errorId"] != "in-incognito"] == []


def test_an_open_page_takes_a_new_release_by_itself(pocket, portal, today):  # noqa: F811
    page, _network = pocket()
    page.goto(address("en"), wait_until="networkidle")
    moved = move(portal)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect_moved(page, moved, within=CALM + SOON)


def test_a_slow_portal_is_not_waited_for_where_there_is_a_copy(pocket, portal):
    page, network = pocket("not reached")
    page.goto("/en/programme/", wait_until="networkidle")
    wait_until_kept(page, "/en/programme/", "/en/offline/")
    page.goto("about:blank")
    network.door.hold()

    began = time.monotonic()
    page.goto("/en/programme/", wait_until="commit", timeout=15_000)
    page.locator(".offline").wait_for()

    assert time.monotonic() - began < 8
