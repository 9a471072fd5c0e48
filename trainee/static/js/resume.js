// A lesson remembers the paragraph in view and opens there again. Told to the server every few seconds at most, and once more on leaving.

const PAUSE = 4000;

function open(text) {
  const at = text.dataset.at && document.getElementById(text.dataset.at);
  if (!at || at === text.querySelector(":scope > [id]") || location.hash) return;
  const mark = document.createElement("p");
  mark.className = "resume-mark";
  mark.textContent = document.body.dataset.wordsHere;
  at.before(mark);
  mark.scrollIntoView({ block: "start" });
  scrollBy(0, -96);
}

function watch(text) {
  let seen = text.dataset.at || "";
  let told = seen;
  let timer = null;
  const tell = (leaving) => {
    timer = null;
    if (seen === told) return;
    told = seen;
    const data = new FormData();
    data.set("paragraph", seen);
    data.set("csrf_token", text.dataset.csrf || document.querySelector("input[name=csrf_token]")?.value || "");
    if (leaving && navigator.sendBeacon) navigator.sendBeacon(text.dataset.resume, data);
    else fetch(text.dataset.resume, { method: "POST", body: new URLSearchParams(data), headers: { "X-Fragment": "1", "X-Person": document.body.dataset.person }, keepalive: true }).catch(() => { told = ""; });
  };
  const observer = new IntersectionObserver((entries) => {
    const inside = entries.filter((entry) => entry.isIntersecting).map((entry) => entry.target);
    if (!inside.length) return;
    seen = inside[0].id;
    timer ??= setTimeout(tell, PAUSE);
  }, { rootMargin: "-15% 0px -60% 0px" });
  for (const part of text.children) if (part.id) observer.observe(part);
  addEventListener("pagehide", () => tell(true));
}

export function start(root) {
  for (const text of root.matches?.("[data-resume]") ? [root] : root.querySelectorAll("[data-resume]")) {
    if (text.dataset.watched) continue;
    text.dataset.watched = "1";
    open(text);
    watch(text);
  }
}
