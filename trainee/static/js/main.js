// What every page needs, and which other behaviours this one asks for. A page works without any of it.

const wanted = [
  ["form[data-player]", "./player.js"],
  ["form[data-draft]", "./observe.js"],
  ["form[data-kept]", "./kept.js"],
  ["[data-quiz]", "./quiz.js"],
  ["[data-resume]", "./resume.js"],
  ["[data-ordering]", "./ordering.js"],
  ["[data-counter]", "./typed.js"],
  ["[data-waiting]", "./waiting.js"],
  ["[data-clock-until], [data-clock-since]", "./clock.js"],
];
const loaded = new Map();

async function enhance(root) {
  for (const [selector, file] of wanted) {
    if (!root.matches?.(selector) && !root.querySelector(selector)) continue;
    if (!loaded.has(file)) loaded.set(file, import(file));
    (await loaded.get(file)).start?.(root);
  }
}

function themes() {
  const button = document.querySelector("[data-theme-switch]");
  if (!button) return;
  const device = matchMedia("(prefers-color-scheme: dark)");
  const page = document.documentElement;
  button.hidden = false;
  button.addEventListener("click", () => {
    const dark = page.dataset.theme ? page.dataset.theme === "dark" : device.matches;
    const chosen = dark ? "light" : "dark";
    // Choosing what the device shows anyway means: follow the device.
    const follows = (chosen === "dark") === device.matches;
    if (follows) delete page.dataset.theme;
    else page.dataset.theme = chosen;
    const safe = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `theme=${follows ? "" : chosen}; path=/; max-age=${follows ? 0 : 31536000}; samesite=lax${safe}`;
  });
}

function passwords() {
  for (const button of document.querySelectorAll("[data-reveal]")) {
    const input = document.getElementById(button.dataset.reveal);
    if (!input) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      const show = input.type === "password";
      input.type = show ? "text" : "password";
      button.setAttribute("aria-pressed", String(show));
      input.focus();
    });
  }
}

function filters() {
  for (const select of document.querySelectorAll("select[data-submit]")) {
    select.addEventListener("change", () => select.form.requestSubmit());
  }
}

function files() {
  for (const box of document.querySelectorAll("[data-file]")) {
    const input = box.querySelector("input");
    const name = box.querySelector("[data-file-name]");
    const none = name.textContent;
    box.dataset.ready = "";
    const tell = () => { name.textContent = input.files[0]?.name ?? none; };
    input.addEventListener("change", tell);
    // The browser may have kept a choice from before the page was loaded again.
    if (input.files.length) tell();
  }
}

// What is folded to keep a page short on a phone lies open where there is room.
function folds() {
  if (!matchMedia("(min-width: 64rem)").matches) return;
  for (const fold of document.querySelectorAll("details[data-wide]")) fold.open = true;
}

// One key brings whoever types to the search, unless she types already or has switched it off on this device (the search's own page says how).
function finding() {
  const off = document.querySelector("[data-slash] input");
  const kept = { get off() { try { return localStorage.getItem("trainee.slash") === "off"; } catch { return false; } } };
  if (off) {
    // Where there is only a finger there is no key.
    off.closest("[hidden]").hidden = !matchMedia("(any-pointer: fine)").matches;
    off.checked = !kept.off;
    off.addEventListener("change", () => { try { localStorage.setItem("trainee.slash", off.checked ? "on" : "off"); } catch { /* then it stays as it is */ } });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || kept.off) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
    const field = document.querySelector("[data-find], main [data-finds] input[type=search]");
    if (!field) return;
    event.preventDefault();
    if (field.checkVisibility?.() ?? field.offsetParent) field.select();
    else field.form.requestSubmit();
  });
}

folds();
finding();
themes();
passwords();
filters();
files();
document.querySelector("main [role=alert][data-focus]")?.focus();
document.addEventListener("swapped", (event) => enhance(event.target));
enhance(document);

// Answers of this person that are still waiting on this device are sent from whatever page she opens.
const person = document.body.dataset.person || "guest";
if (!document.querySelector("form[data-player]")) {
  let waiting = null;
  try { waiting = localStorage.getItem(`trainee.queue.${person}`); } catch { /* no storage: nothing can be waiting there */ }
  if (waiting && waiting !== "[]") import("./player.js").then((player) => player.start(document));
  try { localStorage.setItem("trainee.person", person); } catch { /* the same */ }
}

// Whom to call must be readable without a line; there are no workers where the site is not served safely.
const roster = document.querySelector("a.tool-roster");
if (roster && "serviceWorker" in navigator) import("./roster.js").then((kept) => kept.keep(roster)).catch(() => {});
