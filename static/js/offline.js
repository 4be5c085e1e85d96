// A page that stays open: it asks whether the network is there and whether it shows what is published, and draws itself
// anew when either changes. The worker answers with a copy, under its note, while there is no network. What the reader
// has typed, and where they are, stays.
const CALM = 30000; // ms between two questions
const SOON = 3000; // without a network, or while something typed is in the way
const PATIENCE = 4000; // ms for an answer

const root = document.documentElement;
const home = new URL(".", document.querySelector("link[rel=manifest]").href).href;
const release = (page) => page.querySelector("meta[name=release]")?.content;
const style = (page) => page.querySelector("link[rel=stylesheet]")?.getAttribute("href");
let away = "offline" in root.dataset;
let late = false; // what is shown is not what it should be
let timer;

const isThere = async () => {
  const answer = await fetch(`${home}fragments/version/`, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
  if (answer.status >= 500) throw new Error(answer.status);
  return answer.ok ? (await answer.text()).trim() : release(document);
};

const isTyped = (field) => {
  if (field.type === "hidden" || field.disabled) return false;
  if (field.options) {
    const chosen = [...field.options].findIndex((option) => option.defaultSelected);
    return field.selectedIndex !== (field.multiple ? chosen : Math.max(0, chosen));
  }
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  return "defaultValue" in field && field.value !== field.defaultValue;
};
const sameForm = (form, page) => {
  const alike = (one) => one.getAttribute("action") === form.getAttribute("action") && one.method === form.method;
  return [...page.forms].filter(alike)[[...document.forms].filter(alike).indexOf(form)];
};

// No claim about the present without a network, whether or not there is a copy.
const stopClaiming = (note) => {
  root.dataset.offline = "";
  document.querySelectorAll(".now").forEach((now) => now.remove());
  if (note && !document.querySelector(".offline")) document.querySelector("main").before(note);
};

const draw = async () => {
  const answer = await fetch(location.href).catch(() => null);
  if (answer?.redirected) return location.assign(answer.url); // signed out meanwhile
  const page = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page?.querySelector("main")) return stopClaiming();
  const isCopy = "offline" in page.documentElement.dataset;
  if (isCopy !== away) return; // the network went or came while we asked
  const typed = [...document.forms].filter((form) => [...form.elements].some(isTyped));
  const places = typed.map((form) => sameForm(form, page));
  if (!places.every(Boolean)) return away && stopClaiming(page.querySelector(".offline"));
  if (!isCopy && style(page) !== style(document)) return typed.length ? undefined : location.reload();

  const focused = document.activeElement;
  const again = focused.id ? `#${CSS.escape(focused.id)}` : `a[href="${CSS.escape(focused.getAttribute("href") ?? "")}"]`;
  const boxes = page.querySelectorAll("details");
  document.querySelectorAll("details").forEach(({ open }, index) => boxes[index]?.toggleAttribute("open", open));
  typed.forEach((form, index) => places[index].replaceWith(form));
  if (isCopy) root.dataset.offline = page.documentElement.dataset.offline;
  else delete root.dataset.offline;
  document.title = page.title;
  document.querySelector("meta[name=release]").content = release(page) ?? "";
  document.body.replaceChildren(...page.body.childNodes);
  htmx.process(document.body);
  (focused.isConnected ? focused : document.querySelector(again))?.focus({ preventScroll: true });
  late = false;
  if (!away) tellWorker();
};

const beat = async () => {
  clearTimeout(timer);
  if (document.visibilityState === "visible") {
    const seen = await isThere().catch(() => "");
    late ||= away === Boolean(seen) || Boolean(seen && seen !== release(document));
    away = !seen;
    if (late) await draw().catch(() => {});
  }
  timer = setTimeout(beat, away || late ? SOON : CALM);
};

const tellWorker = async () => {
  const files = performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname);
  const { active } = await navigator.serviceWorker.ready;
  active.postMessage({ page: location.href, home, release: release(document), files });
};

for (const event of ["online", "offline"]) window.addEventListener(event, beat);
document.addEventListener("visibilitychange", beat);
document.body.addEventListener("htmx:sendError", beat);
window.addEventListener("load", async () => {
  if (navigator.serviceWorker) {
    await navigator.serviceWorker.register("/sw.js").catch(() => {});
    if (!away) tellWorker();
  }
  timer = setTimeout(beat, away ? SOON : CALM);
});
