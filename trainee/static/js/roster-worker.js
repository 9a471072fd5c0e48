// Serves the roster when the line is gone: it keeps one page that names nobody but those on call, and answers for nothing but the roster.
const PAGE = new URL("offline", self.location).href;
const KEPT = "trainee.roster";

async function keep() {
  const answer = await fetch(PAGE, { credentials: "same-origin" });
  // Whoever is not signed in any more is led to the sign-in page, and that is not kept.
  if (!answer.ok || answer.redirected) return;
  const cache = await caches.open(KEPT);
  const words = await answer.clone().text();
  await cache.put(PAGE, answer);
  await Promise.all([...words.matchAll(/<link rel="stylesheet" href="([^"]+)"/g)].map((link) => cache.add(link[1])));
}

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(keep().catch(() => {}));
});
self.addEventListener("message", (event) => event.waitUntil(keep().catch(() => {})));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const instead = request.mode === "navigate" ? PAGE : request;
  event.respondWith(fetch(request).catch(async (gone) => (await caches.match(instead)) ?? Promise.reject(gone)));
});
