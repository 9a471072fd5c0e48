// Keeps the roster on this device, so that somebody can be called when the line is gone; signing out takes it away again.
const LIFE = 60 * 60 * 1000;
const STAMP = "trainee.roster.kept";

export async function keep(link) {
  const ready = await navigator.serviceWorker.register(`${link.pathname}/worker.js`, { scope: link.pathname });
  document.querySelector("form[data-sign-out]")?.addEventListener("submit", () => {
    localStorage.removeItem(STAMP);
    caches.delete("trainee.roster");
  });
  if (Date.now() - Number(localStorage.getItem(STAMP) ?? 0) < LIFE) return;
  localStorage.setItem(STAMP, String(Date.now()));
  // A worker that is only just being installed keeps the page by itself.
  ready.active?.postMessage("keep");
}
