// The customers' page: an answer is not lost on a bad line. It waits on this device under its page's signed name and is sent once, whenever a survey is open again.

import { Queue } from "./queue.js";

const queue = new Queue("survey");
const PATIENCE = 15000;
const PAUSES = [1500, 3000, 6000, 12000, 30000, 60000];
let tries = 0;
let timer = null;
let sending = false;

const form = document.querySelector("form[data-survey]");
form?.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!form.querySelector("input[type=radio]:checked")) return tell(form.dataset.wordsMissing);
  const data = new FormData(form);
  queue.add({ key: String(data.get("page")), url: form.action, body: new URLSearchParams(data).toString() });
  form.inert = true;
  tell(form.dataset.wordsSending);
  drain();
});

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
    return later();
  } finally {
    clearTimeout(clock);
  }
  if (answer.status >= 500 || answer.status === 408 || (answer.status === 429 && !here(item))) return later();
  queue.drop(item);
  tries = 0;
  if (here(item)) show(html, answer.url);
  return true;
}

/** Whether it is the answer to the page that is open, and not one that waited from an earlier visit. */
function here(item) {
  return form?.isConnected && form.elements.namedItem("page")?.value === item.key;
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
  const refresh = page.querySelector("meta[http-equiv=refresh]");
  if (refresh) return location.assign(url);
  document.querySelector("main").replaceChildren(...page.querySelector("main").childNodes);
  document.title = page.title;
  document.querySelector("main").focus();
}

function later() {
  const wait = PAUSES[Math.min(tries, PAUSES.length - 1)] * (0.8 + Math.random() * 0.4);
  tries += 1;
  timer = setTimeout(drain, wait);
  if (form?.inert) tell(form.dataset.wordsWaiting);
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
