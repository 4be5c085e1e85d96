// Keeps copies of the programme, and of the reader's own places and pack, for the hours without a network.
// It answers for pages of a release, for "My programme" and the pack, and for what they are drawn with; it has no
// part in the administration, the print desk, check-in and forms. A copy always says that it is one: its "now" is
// taken out, and above it stands the note of the offline page with the moment at which the copy was taken.
const PAGES = "pages";
const DRAWN = "drawn"; // styles, fonts, scripts
const OWN = "own-"; // and a key of the reader: what is personal lies apart, and goes at sign-out
const SEARCH = "search"; // never kept
const PART = "?part"; // a fragment lies beside the page of the same address
const MOST = 60; // pages kept; the longest untouched go first
const PATIENCE = 5000; // ms for the network, where there is a copy
const WEEK = 7 * 24 * 3600 * 1000; // nobody's places are shown longer, whoever has the device by then
const OURS = new Set(
  "programme themes roundtables workshops sessions sections commitments releases rooms offline".split(" "),
);
const NOT = new Set("accounts checkin delegation documents invitations my photographs preview".split(" "));
const OF_PAGES = /^\/static\/(css\/(portal|room)|fonts\/|img\/|js\/(offline|room)|django_htmx\/)/;

// Addresses

// Below which the pages of one forum stand in one language: "https://…/en/", or ".../en/tenth-summit/"
const homeOf = (address) => {
  const { origin, pathname } = new URL(address);
  const [, language, first, second] = pathname.split("/");
  const forum = second && !OURS.has(first) && !NOT.has(first) ? `${first}/` : "";
  return `${origin}/${language}/${forum}`;
};
const plain = (address) => address.split(/[?#]/)[0];
const kindOf = ({ pathname }) => {
  const [, language, ...rest] = pathname.split("/");
  if (OF_PAGES.test(pathname)) return DRAWN;
  if (!/^[a-z]{2}$/.test(language) || rest.pop() !== "") return "";
  if (/^(my|accounts\/corner|documents\/my-pack(\/.+)?)$/.test(rest.join("/"))) return OWN;
  if (NOT.has(rest[0]) || rest.includes("seat")) return "";
  if (rest[0] === SEARCH || rest[1] === SEARCH) return SEARCH;
  return rest.length === 0 || OURS.has(rest[0]) || OURS.has(rest[1]) ? PAGES : "";
};

// The network. A portal that does not answer is as good as none, also behind a proxy that says so.

const ask = async (request) => {
  const answer = await fetch(request);
  if ([502, 503, 504].includes(answer.status)) throw new Error(answer.status);
  return answer;
};
const askOr = (copy, request) =>
  copy
    ? Promise.race([ask(request), new Promise((_, late) => setTimeout(late, PATIENCE, new Error("late")))])
    : ask(request);

// Copies

const keep = async (name, address, answer) => {
  const cache = await caches.open(name);
  const headers = new Headers(answer.headers);
  headers.set("Kept", Date.now());
  await cache.delete(address); // so that it stands last
  await cache.put(address, new Response(answer.body, { status: answer.status, headers }));
};
const isPage = (answer) => answer.ok && answer.headers.has("As-Of") && !answer.headers.has("Reader");
const drawnWith = (text) =>
  [...text.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map(([, path]) => path).filter((path) => OF_PAGES.test(path));

const keepDrawn = async (paths) => {
  const cache = await caches.open(DRAWN);
  for (const path of paths) if (!(await cache.match(path))) await cache.add(path);
};

// A page from the network, and what it is drawn with; what is no page any more goes
const take = async (address) => {
  const answer = await ask(address);
  if (!isPage(answer)) return void (await (await caches.open(PAGES)).delete(address));
  await keep(PAGES, address, answer.clone());
  await keepDrawn(drawnWith(await answer.text()));
};

// After a page was opened: the programme, its days and this page; of another release all that was kept.
const renew = async ({ page, home, release, files }) => {
  await keepDrawn(files.filter((path) => OF_PAGES.test(path)));
  const cache = await caches.open(PAGES);
  const text = async (address) => {
    const copy = await cache.match(address);
    if (copy?.headers.get("Release") !== release) await take(address);
    return (await cache.match(address))?.text();
  };
  await text(`${home}offline/`);
  const programme = (await text(`${home}programme/`)) || "";
  const days = [...programme.matchAll(/href="([^"]+\/programme\/\d{4}-\d\d-\d\d\/)"/g)];
  for (const [, day] of days) await text(new URL(day, home).href);
  if (kindOf(new URL(page)) === PAGES) await text(plain(page));
  for (const { url } of await cache.keys()) if (homeOf(url) === home) await text(url);
  for (const { url } of (await cache.keys()).slice(0, -MOST)) await cache.delete(url);
  const own = await ownCache();
  if (own && !(await has(own, `${homeOf(page)}my/`, release))) await takeOwn(own, homeOf(page));
};
const has = async (name, address, release) =>
  (await (await caches.open(name)).match(address))?.headers.get("Release") === release;

// “08:25” today, else “6 December, 08:25”, on the clock of the forum and in the words of the page
const when = (copy) => {
  const [taken, words] = copy.headers.get("As-Of").split(" ");
  const ahead = Date.parse(`${taken.slice(0, 16)}Z`) - Date.parse(taken);
  const isOfToday = taken.startsWith(new Date(Date.now() + ahead).toISOString().slice(0, 10));
  return { isOfToday, words: isOfToday ? taken.slice(11, 16) : decodeURIComponent(words) };
};

// Without the note a copy is not shown.
const shown = async (copy, address) => {
  const cache = await caches.open(PAGES);
  const about = copy && (await cache.match(`${homeOf(address)}offline/`));
  const [, note] = (await about?.text())?.match(/<template id="offline-note">([\s\S]*?)<\/template>/) || [];
  if (!note) return;
  const { isOfToday, words } = when(copy);
  const noted = note.replace("{when}", () => `<bdi>${words}</bdi>`);
  return asCopy(copy, noted, isOfToday ? "" : "old");
};
const asCopy = async (copy, note, age, status = 200) => {
  const text = (await copy.text())
    .replace("<html", () => `<html data-offline="${age}"`)
    .replace(/<section class="now[\s\S]*?<\/section>/g, "")
    .replace("<main", () => `${note}<main`);
  const headers = new Headers(copy.headers);
  for (const name of ["Content-Encoding", "Content-Length", "ETag"]) headers.delete(name);
  return new Response(text, { status, headers });
};
// In another language, where nothing of this one is kept
const notKept = async (request) => {
  const cache = await caches.open(PAGES);
  const other = (await cache.keys()).find(({ url }) => url.endsWith("/offline/"));
  const about = (await cache.match(`${homeOf(request.url)}offline/`)) || (other && (await cache.match(other)));
  return about && request.mode === "navigate" ? asCopy(about, "", "", 503) : Response.error();
};

// What is the reader's own

let wipes = 0;
const fetching = new Set();
const ownCache = async () => (await caches.keys()).find((name) => name.startsWith(OWN));
const wipe = async (but = "") => {
  if (!but) wipes += 1;
  for (const name of await caches.keys()) if (name.startsWith(OWN) && name !== but) await caches.delete(name);
};
const ownAddress = (request) => plain(request.url) + (request.headers.get("HX-Request") ? PART : "");

// Nothing that was asked for before a sign-out is kept after it.
const keepOwn = async (name, address, answer, before) => {
  if (wipes !== before) return;
  await keep(name, address, answer.clone());
  const text = await answer.text();
  await keepDrawn(drawnWith(text));
  const cache = await caches.open(name);
  const [, file] = text.match(/href="([^"]+\/documents\/my-pack\/[0-9a-f-]+\/)"/) || [];
  const pack = file && new URL(file, address).href;
  if (!pack || fetching.has(pack) || (await cache.match(pack))) return;
  fetching.add(pack);
  const pdf = await ask(pack).finally(() => fetching.delete(pack));
  if (!pdf.ok || wipes !== before) return;
  for (const { url } of await cache.keys()) if (/\/my-pack\/./.test(new URL(url).pathname)) await cache.delete(url);
  await keep(name, pack, pdf);
};

const takeOwn = async (name, home) => {
  const before = wipes;
  const part = new Request(`${home}documents/my-pack/`, { headers: { "HX-Request": "true" } });
  for (const request of [new Request(`${home}my/`), part]) {
    const answer = await ask(request);
    if (answer.ok && OWN + answer.headers.get("Reader") === name)
      await keepOwn(name, ownAddress(request), answer, before);
  }
};

// The answer says whose it is. To nobody, or sent away to sign in: what is kept here is no longer of who asks.
const answerOwn = async (event) => {
  const { request } = event;
  const before = wipes;
  const kept = await ownCopy(request);
  let answer;
  try {
    answer = await askOr(kept, request);
  } catch {
    if (kept?.headers.has("As-Of") && !request.headers.get("HX-Request")) return shown(kept, request.url);
    return kept || (request.mode === "navigate" ? notKept(request) : new Response(null, { status: 204 }));
  }
  const reader = answer.headers.get("Reader");
  if (reader === "nobody" || answer.type === "opaqueredirect" || answer.redirected) await wipe();
  else if (reader && answer.ok) {
    const name = OWN + reader;
    const isNew = !(await caches.has(name));
    await wipe(name);
    event.waitUntil(keepOwn(name, ownAddress(request), answer.clone(), before));
    if (isNew) event.waitUntil(takeOwn(name, homeOf(request.url)));
  }
  return answer;
};
const ownCopy = async (request) => {
  const name = await ownCache();
  const kept = name && (await (await caches.open(name)).match(ownAddress(request)));
  if (kept && Number(kept.headers.get("Kept")) + WEEK < Date.now()) return void (await wipe());
  return kept;
};

// What is the same for all

const answerPage = async (event) => {
  const { request } = event;
  const address = plain(request.url);
  const kept = await (await caches.open(PAGES)).match(address);
  try {
    const answer = await askOr(kept, request);
    if (address === request.url && isPage(answer)) event.waitUntil(keep(PAGES, address, answer.clone()));
    return answer;
  } catch {
    return (await shown(kept, address)) || notKept(request);
  }
};
const answerDrawn = async (event) => {
  const kept = await (await caches.open(DRAWN)).match(event.request);
  return kept || fetch(event.request);
};

const answerSearch = ({ request }) => ask(request).catch(() => notKept(request));

const ANSWERS = { [PAGES]: answerPage, [OWN]: answerOwn, [DRAWN]: answerDrawn, [SEARCH]: answerSearch };
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => event.waitUntil(renew(event.data).catch(() => {})));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method === "POST" && url.pathname.endsWith("/logout/")) event.waitUntil(wipe());
  if (request.method !== "GET" || request.referrer.includes("/admin/")) return;
  const answer = ANSWERS[kindOf(url)];
  if (answer) event.respondWith(answer(event));
});
