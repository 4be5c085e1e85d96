// The screen at the door of a room. Every few seconds it asks for itself in the next language and shows what it gets: the
// worker answers with a copy, under its note, while there is no network, also when the browser was started anew. Whoever
// touches it, or a key, holds the language for a while.
const TURN = 10000; // ms for each language, and so between two questions
const SOON = 3000; // between two questions without a network
const PATIENCE = 8000; // ms for an answer; the worker has a copy after five seconds
const HOLD = 60000; // ms that a touch holds the language

const path = (language) => location.pathname.replace(/^\/[a-z]+\//, `/${language}/`);
const languages = [...document.querySelectorAll("link[hreflang]")].map(({ hreflang }) => hreflang);
const styles = (page) => [...page.querySelectorAll("link[rel=stylesheet]")].map((link) => link.getAttribute("href")).join();
const home = new URL(".", document.querySelector("link[rel=manifest]").href).pathname;
const { zone } = document.body.dataset;
let at = languages.indexOf(document.documentElement.lang);
let held = 0; // until when this language stays
let shown = document.body.innerHTML;
let timer;

const ask = async (language) => {
  const answer = await fetch(path(language), { cache: "no-cache", signal: AbortSignal.timeout(PATIENCE) });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!answer.ok || !page.querySelector("main")) throw new Error(answer.status);
  return page;
};

const today = () => new Intl.DateTimeFormat("sv", { timeZone: zone }).format(new Date());
const show = (page) => {
  const { lang, dir, dataset } = page.documentElement;
  if (!("offline" in dataset) && styles(page) !== styles(document)) return location.reload();
  document.documentElement.toggleAttribute("data-offline", "offline" in dataset);
  for (const day of page.querySelectorAll("[data-day]")) if (day.dataset.day < today()) day.remove();
  if (page.body.innerHTML === shown) return;
  shown = page.body.innerHTML;
  Object.assign(document.documentElement, { lang, dir });
  document.title = page.title;
  document.body.replaceChildren(...page.body.childNodes);
};

// What another than the worker has kept: the last that was shown, without what may be true no longer
const stopClaiming = () => {
  document.documentElement.toggleAttribute("data-offline", true);
  shown = "";
  for (const now of document.querySelectorAll(".now")) now.remove();
};

const turn = async () => {
  clearTimeout(timer);
  const next = Date.now() < held ? at : (at + 1) % languages.length;
  try {
    show(await ask(languages[next]));
    if (next !== at) held = Date.now() + TURN - SOON / 2;
    at = next;
  } catch {
    stopClaiming();
  }
  timer = setTimeout(turn, "offline" in document.documentElement.dataset ? SOON : TURN);
};

// All languages are kept, with what they are drawn with, before they are needed.
const keepAll = async () => {
  const { active } = await navigator.serviceWorker.ready;
  const release = document.querySelector("meta[name=release]").content;
  const files = performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname);
  for (const language of languages) {
    const below = new URL(home.replace(/^\/[a-z]+\//, `/${language}/`), location.origin).href;
    active.postMessage({ page: new URL(path(language), location.origin).href, home: below, release, files });
  }
};

const stayAwake = () => document.visibilityState === "visible" && navigator.wakeLock?.request("screen").catch(() => {});

for (const event of ["online", "offline"]) window.addEventListener(event, turn);
for (const event of ["pointerdown", "keydown"]) window.addEventListener(event, () => (held = Date.now() + HOLD));
document.addEventListener("visibilitychange", stayAwake);
window.addEventListener("load", async () => {
  stayAwake();
  timer = setTimeout(turn, TURN);
  if (!navigator.serviceWorker) return;
  await navigator.serviceWorker.register("/sw.js").catch(() => {});
  await keepAll();
  setTimeout(keepAll, TURN * (languages.length + 1)); // by then all fonts have been fetched
});
