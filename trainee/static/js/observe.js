// An observation is kept on the server as it is written, through the same queue that sends it: what cannot be sent now waits on this device.

import { keep } from "./player.js";

const PAUSE = 900;
const NOTED = new Set(["1", "4"]);

export function start(root) {
  for (const form of root.matches?.("form[data-draft]") ? [root] : root.querySelectorAll("form[data-draft]")) {
    if (form.dataset.drafting) continue;
    form.dataset.drafting = "1";
    watch(form);
  }
}

/** What the server would ask for is asked for at once: without a line it could say so only when the line is back, and the observer is elsewhere. */
function wants(form) {
  const rest = form.elements.rest?.checked;
  for (const line of form.querySelectorAll("[data-line]")) {
    const marks = [...line.querySelectorAll("input[type=radio]")];
    const critical = line.querySelector("select")?.value;
    for (const one of marks) {
      one.dataset.always ??= one.required ? "1" : "";
      one.required = !critical && (one.dataset.always === "1" || !rest);
    }
    const note = line.querySelector("textarea");
    note.required = Boolean(critical) || marks.some((one) => one.checked && NOTED.has(one.value));
    const optional = note.closest(".field")?.querySelector(".optional");
    if (optional) optional.hidden = note.required;
  }
}

function watch(form) {
  let timer = null;
  const tell = () => {
    timer = null;
    // What is on its way as a whole needs no draft any more.
    if (form.getAttribute("aria-busy") === "true" || !form.isConnected) return;
    const data = new FormData(form);
    data.delete("csrf_token");
    keep(form.dataset.draft, `draft-${data.get("key")}`, data);
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(tell, PAUSE);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", (event) => {
    soon();
    // A low and a top mark want a note: its place opens by itself.
    if (event.target.type === "radio" && NOTED.has(event.target.value)) {
      const note = event.target.closest("[data-line]")?.querySelector(".line-note");
      if (note) note.open = true;
    }
  });
  form.addEventListener("change", () => wants(form));
  wants(form);
  form.addEventListener("submit", () => clearTimeout(timer));
  addEventListener("pagehide", () => { if (timer) tell(); });
}
