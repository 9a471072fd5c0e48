// The customers' page: an answer is not lost on a bad line or in a rush. It waits on this device under its page's signed name, also when the page was
// closed, and is sent once, as soon as any page of a survey is open here and the line is back.

import { Queue } from "./queue.js";

const queue = new Queue("survey");
const PATIENCE = 15000;
const PAUSES = [1500, 3000, 6000, 12000, 30000, 60000];
// A kiosk that nobody touches begins anew after so long, and goes on to the next customer so soon when the line is gone.
const LEFT_ALONE = 60000;
const NEXT = 8000;
let tries = 0;
let timer = null;
let idle = null;
let sending = false;

const form = document.querySelector("form[data-survey]");
const kiosk = form?.dataset.kiosk;

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!form.querySelector("input[type=radio]:checked")) return tell(form.dataset.wordsMissing);
  const data = new FormData(form);
  if (kiosk) data.append("turn", Array.from(crypto.getRandomValues(new Uint8Array(8)), (one) => one.toString(16).padStart(2, "0")).join(""));
  queue.add({ key: `${data.get("page")}${data.get("turn") ?? ""}`, url: form.action, body: new URLSearchParams(data).toString() });
  form.inert = true;
  draft("removeItem");
  tell(form.dataset.wordsSending);
  drain();
});

// What is chosen so far is there again when the page is loaded anew or in the other language: in this tab alone, until it is sent. A kiosk keeps nothing.
if (form && !kiosk) {
  for (const [name, value] of new URLSearchParams(draft("getItem") ?? "")) {
    const field = form.elements.namedItem(name);
    if (field && !field.value) field.value = value;
  }
  // One goes on where one was: at the first question that has no mark.
  const folds = [...form.querySelectorAll("details.ask-fold")];
  const next = folds.find((one) => one.querySelector("input") && !one.querySelector("input:checked"));
  if (next && form.querySelector("input:checked")) for (const one of folds) one.open = one === next;
  form.addEventListener("input", () => {
    const data = new URLSearchParams(new FormData(form));
    data.delete("page");
    draft("setItem", data.toString());
  });
}

function draft(deed, ...value) {
  try {
    return sessionStorage[deed](`trainee.draft ${new URL(form.action).pathname}`, ...value);
  } catch {
    // Without room for it nothing is kept.
  }
}

// Where one question is open at a time, a tap on a mark opens the next that has none. Whoever goes through the marks by arrow keys stays where she is.
form?.addEventListener("click", (event) => {
  if (event.target.type !== "radio" || !event.detail) return;
  const folds = [...form.querySelectorAll("details.ask-fold")];
  const at = folds.indexOf(event.target.closest("details"));
  const next = at < 0 ? null : folds.slice(at + 1).find((one) => !one.querySelector("input:checked"));
  // A browser that does not know the common name would leave the one before open.
  if (next) {
    folds[at].open = false;
    next.open = true;
  }
});

if (kiosk) {
  for (const kind of ["input", "pointerdown", "keydown"]) addEventListener(kind, leftAlone);
  // Going back must not show what the customer before chose.
  addEventListener("pageshow", (event) => event.persisted && next());
}

function leftAlone() {
  clearTimeout(idle);
  idle = setTimeout(next, LEFT_ALONE);
}

/** The kiosk as the next customer finds it: a new page where the line is there, else this one, empty. */
async function next() {
  clearTimeout(idle);
  form.reset();
  form.inert = false;
  form.querySelectorAll("details").forEach((fold, at) => (fold.open = at === 0));
  document.querySelector("[data-wrong]")?.remove();
  scrollTo(0, 0);
  try {
    if ((await fetch(kiosk, { credentials: "omit" })).ok) location.replace(kiosk);
  } catch {
    // Without a line this page goes on.
  }
}

async function drain() {
  if (sending) return;
  sending = true;
  clearTimeout(timer);
  try {
    for (let item = queue.first; item; item = queue.first) if (!(await send(item))) return;
  } finally {
    sending = false;
  }
}

async function send(item) {
  const aborter = new AbortController();
  const clock = setTimeout(() => aborter.abort(), PATIENCE);
  let answer;
  let html;
  try {
    answer = await fetch(item.url, { method: "POST", body: item.body, headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "text/html" }, credentials: "omit", signal: aborter.signal });
    html = await answer.text();
  } catch {
    return later(0, form?.dataset.wordsWaiting);
  } finally {
    clearTimeout(clock);
  }
  const why = answer.headers.get("X-Refusal");
  if (answer.status === 429) return later(Number(answer.headers.get("Retry-After")) || 60, form?.dataset.wordsBusy);
  if (answer.status >= 500 || answer.status === 408) return later(0, form?.dataset.wordsWaiting);
  const mine = here(item);
  if (!mine && why === "quick") return later(3);
  queue.drop(item);
  tries = 0;
  if (mine) show(html, answer.url);
  else if (why === "old" && !item.renewed) renew(item, html);
  else if (answer.ok) arrived(item, html, answer.url);
  return true;
}

/** Whether it is the answer to the page that is open, and not one that waited from an earlier visit. */
function here(item) {
  return form?.isConnected && form.inert && item.key.startsWith(form.elements.namedItem("page")?.value);
}

/** An answer that waited longer than its page holds gets a page of today. */
function renew(item, html) {
  const name = new DOMParser().parseFromString(html, "text/html").querySelector("input[name=page]")?.value;
  if (!name) return;
  const body = new URLSearchParams(item.body);
  body.set("page", name);
  queue.add({ ...item, key: `${name}${body.get("turn") ?? ""}`, body: body.toString(), renewed: true });
}

/** An answer of an earlier visit has arrived: where it was to this address, its customer is told. A kiosk has another customer by now. */
function arrived(item, html, url) {
  if (!form?.isConnected || kiosk || form.inert || new URL(item.url).pathname !== new URL(form.action).pathname) return;
  if ("once" in form.dataset) show(html, url);
  else tell(form.dataset.wordsEarlier);
}

function show(html, url) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const wrong = page.querySelector("[data-wrong]");
  form.inert = false;
  if (wrong) {
    // A page that was open too long gets a new name; what was chosen stays as it is.
    form.elements.namedItem("page").value = page.querySelector("input[name=page]").value;
    return tell(wrong.textContent.trim());
  }
  // A kiosk leaves nothing behind to go back to.
  if (page.querySelector("meta[http-equiv=refresh]")) return location.replace(url);
  document.querySelector("main").replaceChildren(...page.querySelector("main").childNodes);
  document.title = page.title;
  document.querySelector("main").focus();
}

function later(seconds, words) {
  const wait = Math.max(PAUSES[Math.min(tries, PAUSES.length - 1)], seconds * 1000) * (1 + Math.random() * 0.3);
  tries += 1;
  timer = setTimeout(drain, wait);
  if (form?.inert && words) {
    tell(kiosk ? form.dataset.wordsKept : words);
    if (kiosk) idle = setTimeout(next, NEXT);
  }
  return false;
}

function tell(words) {
  let box = document.querySelector("[data-wrong]");
  if (!box) {
    box = document.createElement("div");
    box.className = "notice notice-warn";
    box.dataset.wrong = "";
    box.setAttribute("role", "alert");
    form.querySelector("button[type=submit]").before(box);
  }
  const p = document.createElement("p");
  p.textContent = words;
  box.replaceChildren(p);
}

addEventListener("online", drain);
if (queue.first) drain();
