"""Without a mouse, with large text, with colours and motion of one's own, and by ear."""

import re

import pytest

from .pages import LANGUAGES
from .rules import settle

pytestmark = pytest.mark.browser

FOCUSED = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, box.top + Math.min(box.height / 2, innerHeight / 2)];
  const top = document.elementFromPoint(x, y);
  return {
    words: (one.getAttribute("aria-label") || one.innerText || one.name || "").trim().replace(/\\s+/g, " "),
    href: one.getAttribute("href") || "",
    name: one.localName,
    id: one.id,
    is_lost: one === document.body,
    ring: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
    is_seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight && Boolean(top)
      && (one.contains(top) || top.contains(one)),
  };
}"""


def press(page, key: str = "Tab") -> dict:
    """One step; wherever it leads, the focus is to be seen."""
    page.keyboard.press(key)
    seen = page.evaluate(FOCUSED)
    assert not seen["is_lost"], "the focus is lost"
    assert seen["ring"] >= 2, f"no ring: {seen}"
    assert seen["is_seen"], f"the focus is out of sight: {seen}"
    return seen


def tab_to(page, wanted, *, within: int = 80) -> dict:
    for _step in range(within):
        seen = press(page)
        if wanted(seen):
            return seen
    raise AssertionError(f"not reached in {within} steps; the last was {seen}")


def open_by_key(page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")
    settle(page)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_skip_link_leads_past_the_masthead(visit, language):
    page = visit(reduced_motion="reduce")
    page.goto(f"/{language}/programme/")
    settle(page)

    assert press(page)["href"] == "#main"
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"
    assert page.evaluate("document.activeElement.contains(document.querySelector('h1'))")
    press(page)
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.usefixtures("places_go_again")
def test_place_is_taken_and_given_up_without_a_mouse(visit):
    page = visit("delegate", reduced_motion="reduce")  # scrolled at once: the focus is where it will be
    page.goto("/en/programme/2018-12-06/")
    settle(page)
    tab_to(page, lambda seen: seen["href"] == "/en/roundtables/1.1/")
    open_by_key(page)
    tab_to(page, lambda seen: seen["id"] == "seat-act")

    page.keyboard.press("Enter")
    page.locator(".seat.held").wait_for()
    settle(page)
    # The button is gone: the focus is where it stood, and what is read there is the new state
    focused = page.evaluate("document.activeElement.id + ' in ' + document.activeElement.closest('section').id")
    assert focused == "seat in seat-panel"
    assert tab_to(page, lambda seen: True)["id"] == "seat-act"

    page.keyboard.press("Enter")
    page.locator(".seat form button").wait_for()
    settle(page)
    assert page.evaluate("document.activeElement.id") == "seat"
    tab_to(page, lambda seen: seen["name"] == "button", within=2)
    page.keyboard.press("Enter")
    page.locator(".seat:not(.held) button#seat-act").wait_for()
    settle(page)
    assert page.evaluate("document.activeElement.id") == "seat"

    page.reload()
    tab_to(page, lambda seen: seen["href"] == "/en/my/")
    open_by_key(page)
    assert page.inner_text("h1") == "My programme"


def test_focus_stays_where_it_is_while_the_panel_renews_itself(visit):
    page = visit("delegate")
    page.clock.install()
    page.goto("/en/roundtables/1.1/")
    page.locator("#seat-act").focus()

    with page.expect_response(re.compile("/seat/$")):
        page.clock.fast_forward(15_000)
    settle(page)

    assert page.evaluate("document.activeElement.id") == "seat-act"


def test_filters_open_and_close_by_key(visit):
    page = visit(reduced_motion="reduce")
    page.goto("/en/programme/")
    settle(page)
    tab_to(page, lambda seen: seen["name"] == "summary")
    box = page.locator(".filter-box")

    page.keyboard.press("Enter")
    assert box.get_attribute("open") is not None
    assert press(page)["name"] == "select"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    assert box.get_attribute("open") is None


def test_refused_form_takes_the_focus_to_what_is_to_be_mended(visit):
    page = visit()
    page.goto("/en/accounts/login/")
    page.locator("main form").evaluate("form => form.noValidate = true")
    page.locator("main button[type=submit]").press("Enter")
    summary = page.locator("main .note.warn")
    summary.wait_for()
    settle(page)

    assert summary.evaluate("one => one === document.activeElement")
    link = press(page)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == link["href"].removeprefix("#")
    assert page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"


LOST = """() => {
  const found = [];
  // Where cells stand below one another their heads are for the ear only
  const folded = (one) => one.closest(".stack thead")?.getBoundingClientRect().width <= 1;
  const spoken = (one) => one.closest(".hush, .skip") || folded(one);
  const shown = (one) => one.checkVisibility({visibilityProperty: true}) && !spoken(one);
  for (const one of document.querySelectorAll("body *")) {
    const style = getComputedStyle(one);
    if (!shown(one) || style.display === "inline" || !one.innerText?.trim()) continue;
    const clips = (axis) => !["visible", "auto", "scroll"].includes(style[`overflow${axis}`]);
    if (clips("X") && one.scrollWidth > one.clientWidth + 1 || clips("Y") && one.scrollHeight > one.clientHeight + 1)
      found.push(`cut off: ${one.outerHTML.slice(0, 120)}`);
  }
  const boxes = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (!text.data.trim() || !shown(text.parentElement)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const lines = parseFloat(getComputedStyle(text.parentElement).fontSize) / 4;
    for (const {left, right, top, bottom} of range.getClientRects())
      if (right - left > 2) boxes.push({text, left, right, top: top + lines, bottom: bottom - lines});
  }
  boxes.sort((a, b) => a.top - b.top);
  boxes.forEach((one, place) => {
    for (let next = place + 1; next < boxes.length && boxes[next].top < one.bottom; next++) {
      const other = boxes[next];
      if (other.text === one.text || other.left > one.right - 2 || other.right < one.left + 2) continue;
      found.push(`on one another: “${one.text.data.trim().slice(0, 40)}”, “${other.text.data.trim().slice(0, 40)}”`);
    }
  });
  const page = document.scrollingElement;
  if (page.scrollWidth > page.clientWidth) found.push(`scrolls sideways: ${page.scrollWidth} px`);
  return found;
}"""
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-block-end: 2em !important }"""
READ = ("", "programme/2018-12-06/", "roundtables/2.2/", "documents/", "my/", "accounts/signup/")


@pytest.mark.parametrize("language", LANGUAGES)
def test_large_and_spaced_text_loses_nothing(visit, language):
    page = visit("delegate", bypass_csp=True)
    faults = {}
    for path in READ:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"/{language}/{path}")
        settle(page)
        for what, width, style in (
            ("200 %", 1280, ":root { font-size: 200% }"),
            ("200 %, by zoom", 640, ""),
            ("spaced", 1280, SPACED),
            ("spaced, on a phone", 390, SPACED),
        ):
            page.set_viewport_size({"width": width, "height": 900})
            page.evaluate(
                """(css) => { document.adoptedStyleSheets = [new CSSStyleSheet()];
                document.adoptedStyleSheets[0].replaceSync(css) }""",
                style,
            )
            if found := page.evaluate(LOST):
                faults[f"{path} {what}"] = found

    assert faults == {}


def test_nothing_moves_for_those_who_asked_for_it(visit):
    page = visit(reduced_motion="reduce")
    for path in ("", "programme/", "roundtables/2.2/"):
        page.goto(f"/en/{path}")
        moving = page.evaluate(
            """() => [...document.querySelectorAll("*")].filter((one) => {
                const {transitionDuration, animationName, scrollBehavior} = getComputedStyle(one);
                return transitionDuration.split(", ").some((time) => parseFloat(time)) || animationName !== "none"
                    || scrollBehavior === "smooth";
            }).map((one) => one.outerHTML.slice(0, 120))"""
        )
        assert moving == []


def test_more_contrast_takes_the_quiet_colours_away(visit):
    def colours(**options) -> dict:
        page = visit(**options)
        page.goto("/en/roundtables/2.2/")
        return page.evaluate(
            """() => Object.fromEntries(["ink", "ink-2", "edge", "rule", "paper", "blue-tint"].map((name) => {
                const probe = document.body.appendChild(document.createElement("i"));
                probe.style.color = `var(--${name})`;
                return [name, getComputedStyle(probe).color];
            }))"""
        )

    usual, more = colours(bypass_csp=True), colours(bypass_csp=True, contrast="more")

    assert usual["ink-2"] != usual["ink"]
    assert more["ink-2"] == more["edge"] == usual["ink"]
    assert more["rule"] == more["ink"]
    assert more["blue-tint"] == more["paper"]


def test_forced_colours_keep_states_and_focus_apart(visit):
    page = visit("delegate", forced_colors="active", reduced_motion="reduce")
    page.goto("/en/programme/2018-12-06/")
    settle(page)
    outline = "one => getComputedStyle(one).outlineStyle + ' ' + getComputedStyle(one).outlineWidth"

    for current in (".nav [aria-current]", ".langs [aria-current]", ".days [aria-current]"):
        assert page.locator(current).evaluate(outline) == "solid 2px", current
    rule = "one => getComputedStyle(one).borderBlockStartStyle"
    assert page.locator(".slot.tbc").first.evaluate(rule) == "dashed"
    assert page.locator(".slot:not(.tbc, .minor, .changed)").first.evaluate(rule) == "solid"
    tab_to(page, lambda seen: seen["href"] == "/en/roundtables/1.1/")

    main = page.locator(".btn.main")
    page.goto("/en/roundtables/1.1/")
    main.wait_for()
    ground, ink = main.evaluate("one => [getComputedStyle(one).backgroundColor, getComputedStyle(one).color]")
    assert ground != ink


def test_nothing_stays_light_in_the_dark(visit):
    page = visit("delegate", color_scheme="dark")
    for path in ("", "programme/", "roundtables/2.2/", "my/", "documents/", "accounts/email/"):
        page.goto(f"/en/{path}")
        settle(page)
        light = page.evaluate(
            """() => [...document.querySelectorAll("body, body *")].filter((one) => {
                const [r, g, b, a = 1] = getComputedStyle(one).backgroundColor.match(/[\\d.]+/g).map(Number);
                return a > 0.5 && r + g + b > 400 && !one.matches(".btn.main");
            }).map((one) => one.outerHTML.slice(0, 120))"""
        )
        assert light == [], path


HEARD = {
    "en": (
        'heading "Thursday 6 December" [level=1]',
        'navigation "Day"',
        'link "Thu 6"',
        'heading "10:00–12:30 Roundtables Hours to be confirmed" [level=2]',
        "Roundtable 1.1",
        'heading "Harnessing migrants’ existing capitals to build resilience" [level=3]',
        "Oliveraie",
        "Governments",
        "Chatham House Rule",
        "Day to be confirmed",
        "Room to be confirmed",
        "Roundtable 2.1",
        "Roundtable 3.1",
        'heading "15:00',
        "Roundtable 1.2",
        "Roundtable 2.2",
        "Roundtable 3.2",
    ),
    "ar": (
        'heading "الخميس، 6 كانون الأول/ديسمبر" [level=1]',
        'navigation "اليوم"',
        'link "الخميس 6"',
        'heading "10:00–12:30 الموائد المستديرة يؤكد التوقيت لاحقا" [level=2]',
        "مائدة مستديرة 1.1",
        'heading "تسخير إمكانيات المهاجرين الحالية لتعزيز القدرة على التكيف" [level=3]',
        "الحكومات",
        "قاعدة تشاتام هاوس",
        "يؤكد التاريخ لاحقا",
        "تؤكد القاعة لاحقا",
        "مائدة مستديرة 2.1",
        "مائدة مستديرة 3.1",
        'heading "15:00',
        "مائدة مستديرة 1.2",
        "مائدة مستديرة 2.2",
        "مائدة مستديرة 3.2",
    ),
}


@pytest.mark.parametrize("language", HEARD)
def test_programme_is_heard_in_the_order_of_the_day(visit, language):
    page = visit()
    page.goto(f"/{language}/programme/2018-12-06/")
    settle(page)

    heard = page.locator("main").aria_snapshot()

    place = 0
    for words in HEARD[language]:
        place = heard.find(words, place)
        assert place >= 0, f"not heard where it should be: {words}"
