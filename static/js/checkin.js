// A scan is kept in this telephone, with its time, until the portal has answered: a failing request loses none.
// Each lies under a key of its own, so that two windows do not write over each other; sent twice, it counts once.
const PREFIX = "checkin:";
const AGAIN = 5000; // ms until what was not answered is sent again
const PATIENCE = 6000; // ms for one answer
const AWAY = 3000; // ms that a badge must be out of sight before it counts as shown again
const LONGEST = 4300; // what a QR code can hold

const form = document.querySelector("#check-in");
const verdict = document.querySelector("#verdict");
const unsent = document.querySelector("#unsent");
const late = document.querySelector("#late");
const token = form.elements.csrfmiddlewaretoken.value;
let newest = ""; // the scan whose bearer stands at the door
let round = null; // the sending that is under way

const kept = () =>
  Object.keys(localStorage)
    .filter((key) => key.startsWith(PREFIX))
    .sort()
    .reverse();

const keep = (code) => {
  const at = new Date().toISOString();
  newest = `${PREFIX}${at}:${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  localStorage.setItem(newest, JSON.stringify({ url: form.action, code: code.slice(0, LONGEST), at }));
};

const show = (key, markup) => {
  if (key === newest) {
    verdict.innerHTML = markup;
    navigator.vibrate?.(verdict.querySelector(".good") ? 60 : [60, 80, 60, 80, 60]);
    return;
  }
  const item = document.createElement("li");
  item.innerHTML = markup;
  late.querySelector("ol").prepend(item);
  late.hidden = false;
};

const count = () => {
  const waiting = kept().length;
  unsent.hidden = waiting === 0;
  unsent.querySelector("b").textContent = waiting;
};

// Whoever is signed out is led to the sign-in page: no answer, so the scan is kept.
const ask = async (key) => {
  const { url, code, at } = JSON.parse(localStorage.getItem(key));
  const answer = await fetch(url, {
    method: "POST",
    body: new URLSearchParams({ csrfmiddlewaretoken: token, code, at }),
    headers: { "HX-Request": "true" },
    redirect: "manual",
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (!answer.ok) throw new Error(answer.status);
  const markup = await answer.text();
  localStorage.removeItem(key);
  show(key, markup);
  document.body.dispatchEvent(new Event("checked"));
};

// The newest first: its bearer waits. A scan that comes meanwhile is sent in the same round.
const sendAll = async () => {
  const tried = new Set();
  for (let key; (key = kept().find((one) => !tried.has(one))); ) {
    tried.add(key);
    try {
      await ask(key);
    } catch {
      if (key === newest) verdict.replaceChildren(document.querySelector("#waits").content.cloneNode(true));
    }
  }
};

const send = async () => {
  round ??= sendAll().finally(() => (round = null));
  await round;
  count();
};

form.addEventListener("submit", (event) => {
  keep(form.elements.code.value); // where nothing can be kept this throws, and the form goes its plain way
  event.preventDefault();
  form.elements.code.value = "";
  send();
});
window.addEventListener("online", send);
setInterval(send, AGAIN);
count();
send();

// The camera. Where the browser reads no codes by itself, as on every iPhone, a library does it.
const camera = document.querySelector("#camera");
const film = document.querySelector("#film");
camera.hidden = !navigator.mediaDevices;

const reader = async () => {
  const own = "BarcodeDetector" in window && (await BarcodeDetector.getSupportedFormats()).includes("qr_code");
  const Reader = own ? BarcodeDetector : (await import(camera.dataset.reader)).BarcodeDetector;
  return new Reader({ formats: ["qr_code"] });
};

const stop = () => {
  for (const track of film.srcObject.getTracks()) track.stop();
  film.srcObject = null;
  film.hidden = true;
  camera.setAttribute("aria-pressed", "false");
};

const watch = async (detector) => {
  let last = "";
  let seen = 0;
  while (film.srcObject) {
    const [found] = await detector.detect(film).catch(() => []);
    if (found && (found.rawValue !== last || Date.now() - seen > AWAY)) {
      form.elements.code.value = last = found.rawValue;
      form.requestSubmit();
    }
    if (found) seen = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
};

camera.addEventListener("click", async () => {
  if (film.srcObject) return stop();
  let detector;
  try {
    detector = await reader();
    film.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    document.querySelector("#no-camera").hidden = false;
    return;
  }
  film.hidden = false;
  camera.setAttribute("aria-pressed", "true");
  await film.play();
  watch(detector);
});
