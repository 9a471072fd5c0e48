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
  form.addEventListener("submit", () => clearTimeout(timer));
  addEventListener("pagehide", () => { if (timer) tell(); });
}
