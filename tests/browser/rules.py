"""What every page keeps: the rules of axe for WCAG 2.2 A and AA and good practice, and a few of our own.

They are asked of a page that is open, at the width of the smallest phone and of a desk, light and dark; it is not
loaded again. Contrast, which would take most of the time, is measured once in a run on one text of each kind: of one
colour, size and weight on one ground. In the dark nothing but colours is asked, and nothing at all of a page without
a new kind.
"""

from pathlib import Path

import axe_playwright_python

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING = {"runOnly": TAGS, "rules": {"target-size": {"enabled": True}}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
DESK, PHONE = (1280, 900), (320, 640)

# Says which kinds of text there are, and marks a text of each that is wanted
KINDS = """(wanted) => {
  const found = new Set();
  const ground = ({backgroundColor, backgroundImage, opacity, filter}) =>
    [backgroundColor, backgroundImage, opacity, filter].join().replace("rgba(0, 0, 0, 0),none,1,none", "");
  for (const one of document.body.querySelectorAll("*")) {
    delete one.dataset.kind;
    const speaks = [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!speaks && !one.matches("input, select, textarea") || !one.checkVisibility()) continue;
    const {color, fontSize, fontWeight, textDecorationLine, textShadow} = getComputedStyle(one);
    const kind = [one.localName, color, fontSize, fontWeight, textDecorationLine, textShadow];
    kind.push(getComputedStyle(one.parentElement).color);  // a link among words
    for (let above = one; above; above = above.parentElement) kind.push(ground(getComputedStyle(above)));
    const name = kind.filter(Boolean).join();
    if (wanted.includes(name) && !found.has(name)) one.dataset.kind = "";
    found.add(name);
  }
  return [...found];
}"""
measured: set[str] = set()
RUN = """async (options) => {
  axe.configure({rules: [{id: "color-contrast", selector: "[data-kind]"}]});
  const found = await axe.run(document, {...options, resultTypes: ["violations"], preload: false, iframes: false});
  return found.violations.flatMap(({id, help, nodes}) => nodes.map(
    (node) => `${id}: ${help}: ${node.target.join(" ")}: ${node.html.slice(0, 160)}`));
}"""

# A finger needs 44 px; the languages stand closer (36), as the look has it. Links in running text are as text is.
OURS = """() => {
  const found = [];
  const page = document.scrollingElement;
  if (page.scrollWidth > page.clientWidth) {
    const wide = [...document.querySelectorAll("body *")].filter((one) => {
      const {width, left, right} = one.getBoundingClientRect();
      return width && (right > page.clientWidth + 1 || left < -1) && !one.closest(".hush, .skip, .stack thead");
    });
    found.push(`scrolls sideways: ${page.scrollWidth} px: ${wide.slice(-1).map((one) => one.outerHTML.slice(0, 120))}`);
  }
  const targets = "button, .btn, .nav a, .days a, .langs a, .brand, summary, select, label:has(> input), "
    + "input:not([type=hidden], [type=checkbox], [type=radio])";
  for (const one of document.querySelectorAll(targets)) {
    const {width, height} = one.getBoundingClientRect();
    const least = one.closest(".langs") ? 36 : 44;
    if (width && (height < 43.5 || width < least - 0.5))
      found.push(`small target, ${width.toFixed()} × ${height.toFixed()}: ${one.outerHTML.slice(0, 120)}`);
  }
  for (const one of document.querySelectorAll("[lang]"))
    if (!["en", "fr", "es", "ar"].includes(one.lang)) found.push(`lang "${one.lang}": ${one.outerHTML.slice(0, 120)}`);
  return found;
}"""


def resize(page, size: tuple[int, int]) -> None:
    """Costs nothing where the page has this size."""
    if page.viewport_size != {"width": size[0], "height": size[1]}:
        page.set_viewport_size({"width": size[0], "height": size[1]})


def settle(page) -> None:
    """Until the page is whole and no fragment on its way. Those that ask again after a while are not waited for.

    A click returns as soon as the next page begins to come in: what asks the page at once would ask half of it.
    """
    page.wait_for_load_state()
    page.wait_for_selector(".htmx-request, .htmx-swapping, .htmx-settling", state="detached")


def breaches(page) -> list[str]:
    """What the page that is open does not keep, each with where it was seen. Leaves it narrow and light."""
    settle(page)
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE)
    found: dict[str, list[str]] = {}
    for width, scheme, options in (
        (PHONE, "dark", COLOURS),
        (DESK, "dark", COLOURS),
        (DESK, "light", EVERYTHING),
        (PHONE, "light", EVERYTHING),
    ):
        page.emulate_media(color_scheme=scheme)
        resize(page, width)
        kinds = [kind for kind in page.evaluate(KINDS, []) if kind not in measured]
        if kinds:
            page.evaluate(KINDS, kinds)
            measured.update(kinds)
        seen = page.evaluate(RUN, options) if kinds or options is EVERYTHING else []
        if options is EVERYTHING:
            seen += page.evaluate(OURS)
        for fault in seen:
            found.setdefault(fault, []).append(f"{width[0]} {scheme}")
    return [f"{fault} ({', '.join(where)})" for fault, where in found.items()]
