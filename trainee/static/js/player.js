// Lessons, quizzes and role-plays without page loads: sends form[data-player], puts the answer's fragment in its place, and keeps what could not be
// sent until the line is back. Each answer carries its key, so the server counts it once however often it arrives.

import { Queue } from "./queue.js";

const body = document.body;
const words = body.dataset;
const queue = new Queue(words.person || "guest");
const places = new Map();
const PATIENCE = 15000;
// What arrives later than this after it was given had to wait: the server cannot tell how long it took to answer.
const PROMPT = 5000;
const PAUSES = [1500, 3000, 6000, 12000, 30000, 60000];

let tries = 0;
let timer = null;
let sending = false;
let token = null;

class Out extends Error {}

export function start(root) {
  for (const form of root.matches?.("form[data-player]") ? [root] : root.querySelectorAll("form[data-player]")) prepare(form);
  if (root === document && queue.first) {
    state("waiting");
    drain();
  }
}

function prepare(form) {
  if (form.dataset.ready) return;
  form.dataset.ready = "1";
  form.addEventListener("submit", onSubmit);
  // An answer given before the page was loaded again is still on its way: this form waits for it.
  const key = form.elements.namedItem("key")?.value;
  const waiting = key && queue.items.find((item) => item.key === key);
  if (waiting) {
    places.set(waiting.key, form);
    busy(form, true);
  }
}

function onSubmit(event) {
  const form = event.currentTarget;
  const by = event.submitter;
  const target = part(form);
  const data = new FormData(form, by);
  if (!target || [...data.values()].some((value) => value instanceof File && value.size)) return;
  event.preventDefault();
  if (form.getAttribute("aria-busy") === "true") return;
  const empty = missing(form);
  if (empty) return ask(empty, form);
  if (by) by.dataset.chosen = "";
  data.delete("csrf_token");
  const key = String(data.get("key") || crypto.randomUUID?.() || `${Date.now()}-${Math.random()}`);
  token = form.elements.namedItem("csrf_token")?.value ?? token;
  places.set(key, form);
  busy(form, true);
  state("saving", target);
  queue.add({ key, at: Date.now(), url: by?.getAttribute("formaction") || form.getAttribute("action") || location.href, body: new URLSearchParams(data).toString(), page: location.pathname });
  drain(true);
}

/** Keep something on the server without anybody having pressed: it waits in the queue like an answer, and only what was given last is sent. */
export function keep(url, key, data) {
  token = document.querySelector("input[name=csrf_token]")?.value ?? token;
  queue.add({ key, at: Date.now(), url: new URL(url, location.href).href, body: new URLSearchParams(data).toString(), page: "" });
  drain(true);
}

/** The first thing that is asked for and not there. An answer that lacks something would wait offline only to be refused when the line is back. */
function missing(form) {
  return [...form.elements].find((one) => {
    if (one.disabled) return false;
    if (one.matches("fieldset[data-tick]")) return ticked(one) === 0 || (one.dataset.tick && ticked(one) !== Number(one.dataset.tick));
    if (one.type === "radio" || one.type === "checkbox") return one.required && one.validity.valueMissing;
    return (one.required && !one.value.trim()) || one.value?.trim().length < Number(one.dataset.minlength ?? 0);
  });
}

function ticked(fieldset) {
  return fieldset.querySelectorAll(":checked").length;
}

function ask(empty, form) {
  const box = document.createElement("div");
  const p = document.createElement("p");
  box.className = "notice notice-warn";
  box.dataset.refusal = "missing";
  box.setAttribute("role", "alert");
  box.tabIndex = -1;
  const counter = document.getElementById(empty.dataset.counter ?? "");
  const short = Number(empty.dataset.minlength ?? 0) - (empty.value?.trim().length ?? 0);
  if (empty.dataset.tickWords) p.textContent = empty.dataset.tickWords.replace("{n}", ticked(empty));
  else p.textContent = counter?.dataset.toGo && short > 0 ? counter.dataset.toGo.replace("{n}", short) : empty.closest("[data-words-missing]")?.dataset.wordsMissing ?? words.wordsMissing;
  box.append(p);
  refuse(box, form);
  // On a form longer than the screen the sentence stands at what it is about.
  if (form.offsetHeight > innerHeight) (empty.closest("fieldset, .field") ?? empty).before(box);
  (empty.matches("fieldset") ? empty.querySelector("input") : empty).focus();
}

/** What changes when this form is answered; a quiet form (a note) changes nothing but its own state. */
function part(form) {
  return form.closest("[data-swap]") ?? (form.dataset.player === "quiet" ? form : null);
}

function busy(form, is) {
  form.setAttribute("aria-busy", String(is));
  form.inert = is;
  if (!is) for (const one of form.querySelectorAll("[data-chosen]")) delete one.dataset.chosen;
}

/** Send what waits, one after the other, in this tab only. */
async function drain(now = false) {
  if (sending) return;
  if (now) clearTimeout(timer);
  sending = true;
  try {
    if (navigator.locks) await navigator.locks.request(`trainee.queue.${queue.person}`, sendAll);
    else await sendAll();
    tries = 0;
  } catch (error) {
    if (!(error instanceof Out)) throw error;
  } finally {
    sending = false;
  }
  if (tries === 0 && queue.first && queue.mine) drain();
}

async function sendAll() {
  let sent = 0;
  let stale = false;
  for (let item = queue.first; item; item = queue.first) {
    if (!queue.mine) return somebodyElse();
    const answer = await send(item);
    const html = await answer.text().catch(() => later());
    queue.drop(item);
    tries = 0;
    sent += 1;
    const known = places.get(item.key)?.isConnected;
    if (answer.ok) stale = !known && item.page === location.pathname ? true : stale;
    deliver(item, answer, html);
  }
  // The page was loaded while its answer was still waiting here: it shows an old state, so it is loaded once more.
  if (sent && stale) location.reload();
}

async function send(item, again = false) {
  const aborter = new AbortController();
  const clock = setTimeout(() => aborter.abort(), PATIENCE);
  let answer;
  try {
    answer = await fetch(item.url, {
      method: "POST",
      body: `${item.body}${Date.now() - item.at < PROMPT ? "" : "&waited=1"}&csrf_token=${encodeURIComponent(token ?? (await freshToken()))}`,
      headers: { "Content-Type": "application/x-www-form-urlencoded", "X-Fragment": "1", "X-Person": words.person, Accept: "text/html" },
      credentials: "same-origin",
      signal: aborter.signal,
    });
  } catch (error) {
    if (error instanceof Out) throw error;
    return later();
  } finally {
    clearTimeout(clock);
  }
  const refusal = answer.headers.get("X-Refusal");
  if (answer.status === 400 && refusal === "csrf" && !again) {
    token = await freshToken();
    return send(item, true);
  }
  if (answer.status === 401) return signIn(refusal);
  if (answer.status >= 500 || answer.status === 408 || answer.status === 429) return later(Number(answer.headers.get("Retry-After")) * 1000);
  return answer;
}

async function freshToken() {
  let answer;
  try {
    answer = await fetch(words.csrfUrl, { headers: { Accept: "application/json", "X-Person": words.person }, credentials: "same-origin" });
  } catch {
    return later();
  }
  if (answer.status === 401) return signIn(answer.headers.get("X-Refusal"));
  if (!answer.ok) return later();
  const found = await answer.json();
  for (const input of document.querySelectorAll("input[name=csrf_token]")) input.value = found.token;
  return found.token;
}

/** Not now. The answer stays in the queue and is tried again, later each time. */
function later(pause = 0) {
  const wait = Math.max(pause || 0, PAUSES[Math.min(tries, PAUSES.length - 1)] * (0.8 + Math.random() * 0.4));
  tries += 1;
  clearTimeout(timer);
  timer = setTimeout(() => drain(), wait);
  state("waiting");
  say(words.wordsWaiting);
  for (const form of places.values()) if (form.dataset.player === "quiet") busy(form, false);
  document.dispatchEvent(new CustomEvent("waiting"));
  throw new Out();
}

function signIn(refusal) {
  tries = 1;
  if (refusal === "somebody_else") return somebodyElse();
  state("waiting");
  const next = encodeURIComponent(location.pathname + location.search);
  note(words.wordsSignIn, `${words.signInUrl}?next=${next}`, words.wordsSignInLink);
  throw new Out();
}

/** Another person uses this browser now. What this one answered stays under his name until he comes back. */
function somebodyElse() {
  tries = 1;
  state("waiting");
  note(words.wordsSomebodyElse, location.href, words.wordsReload);
  throw new Out();
}

function deliver(item, answer, html) {
  const form = places.get(item.key);
  places.delete(item.key);
  const here = form?.isConnected ? form : null;
  if (/^\s*<!doctype/i.test(html)) {
    state(answer.ok ? "saved" : "refused");
    // A whole page came back: that is where the deed leads.
    if (here && answer.ok) location.assign(answer.url);
    else if (!answer.ok) note(words.wordsFailed, location.href, words.wordsReload);
    return;
  }
  const box = document.createElement("template");
  box.innerHTML = html;
  const refusal = box.content.querySelector("[data-refusal]");
  const target = here && part(here);
  const told = lines(box.content);
  if (here) busy(here, false);
  if (refusal) refuse(refusal, here);
  else if (target && target !== here && box.content.firstElementChild) swap(target, box.content, answer, here);
  state(answer.ok ? "saved" : "refused", target?.isConnected ? target : document);
  if (answer.ok) say([words.wordsSaved, ...told].join(". "));
  document.dispatchEvent(new CustomEvent("answered", { detail: { ok: answer.ok } }));
}

function refuse(refusal, form) {
  const main = document.querySelector("main");
  (form?.closest("[data-swap]") ?? main).querySelector("[data-refusal]")?.remove();
  if (form) form.before(refusal);
  else main.prepend(refusal);
  refusal.focus({ preventScroll: true });
  refusal.scrollIntoView({ block: "nearest" });
}

function swap(target, content, answer, form) {
  const quiet = form?.dataset.player === "quiet";
  // The information card stays as it lay, open or closed.
  const lay = target.querySelector(".agent-card")?.open ?? false;
  const whole = content.firstElementChild?.matches("[data-swap]") ? content.firstElementChild : null;
  if (whole) target.replaceWith(content);
  else target.replaceChildren(content);
  const now = whole ?? target;
  for (const card of now.querySelectorAll(".agent-card")) card.open = lay;
  if (answer.ok && answer.redirected && now.dataset.swap !== "still" && answer.url !== location.href) history.replaceState(null, "", answer.url);
  now.dispatchEvent(new CustomEvent("swapped", { bubbles: true }));
  // An answer that had waited may arrive while something else is read: nobody is moved away from it.
  if (!quiet && now.checkVisibility?.() !== false) look(now);
}

/** Move the reader to what is new: the marked element, else the part itself. */
function look(part) {
  const at = part.querySelector(".verdict[data-focus]") ?? part.querySelector("[data-focus]") ?? part;
  if (!at.hasAttribute("tabindex")) at.setAttribute("tabindex", "-1");
  at.focus({ preventScroll: true });
  const { top, bottom } = at.getBoundingClientRect();
  // What stays at the top of the page lies over as much as the style says.
  const covered = parseFloat(getComputedStyle(at).scrollMarginTop) || 96;
  if (top < covered - 32 || bottom > innerHeight - 96) scrollTo({ top: scrollY + top - covered, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}

/** Whether a chip speaks of what happened in `near`. One beside a button speaks of its own form only, and never of the question before. */
function concerns(chip, name, near) {
  const form = chip.closest("form[data-player]");
  if (!form) return near === document || near.contains(chip) || !near.querySelector("[data-saved]");
  return near === document ? name === "waiting" && form.getAttribute("aria-busy") === "true" : near.contains(chip);
}

function state(name, near = document) {
  const text = { saving: words.wordsSaving, saved: words.wordsSaved, waiting: words.wordsWaitingShort, refused: "" }[name];
  for (const chip of document.querySelectorAll("[data-saved]")) {
    if (!concerns(chip, name, near)) continue;
    const everywhere = chip.hasAttribute("data-saved-everywhere");
    chip.dataset.state = name;
    chip.textContent = text;
    // The chip in the page's head speaks only when there is no closer one, and only of what is not well.
    if (everywhere) chip.hidden = name !== "waiting" || document.querySelectorAll("[data-saved]").length > 1;
  }
}

/** What is said now in a role-play, for whoever hears the page: who speaks, and the words. */
function lines(part) {
  return [...part.querySelectorAll(".bubble-now")].map((line) => [...line.children].map((one) => one.textContent.replace(/\s+/g, " ").trim()).join(": "));
}

function say(text) {
  const live = document.querySelector("[data-live]");
  if (live && text) live.textContent = text;
}

function note(text, url, link) {
  document.querySelector("[data-queue-note]")?.remove();
  const box = document.createElement("div");
  box.className = "notice notice-warn";
  box.dataset.queueNote = "";
  box.setAttribute("role", "alert");
  const p = document.createElement("p");
  const a = document.createElement("a");
  p.textContent = `${text} `;
  a.href = url;
  a.textContent = link;
  p.append(a);
  box.append(p);
  document.querySelector("main").prepend(box);
}

/** What was answered on this page and waits for the line. */
export function waiting() {
  return queue.items.filter((item) => item.page === location.pathname);
}

addEventListener("online", () => drain(true));
addEventListener("focus", () => { if (queue.first) drain(true); });
document.addEventListener("visibilitychange", () => { if (!document.hidden && queue.first) drain(true); });
queue.claim();
