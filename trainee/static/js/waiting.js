// A page that waits for work in the background looks for itself whether it is done. Without script its link does the same.

const EVERY = 2000;

async function look(box) {
  if (!box.isConnected) return;
  try {
    const answer = await fetch(box.dataset.waiting, { headers: { "X-Fragment": "1" }, credentials: "same-origin" });
    if (answer.ok && box.isConnected) {
      const holder = document.createElement("template");
      holder.innerHTML = await answer.text();
      const next = holder.content.querySelector("[data-swap]");
      if (next) {
        box.replaceWith(next);
        if (next.dataset.waiting) wait(next);
        return;
      }
    }
  } catch {
    // The line is down; the next look may find it again.
  }
  wait(box);
}

function wait(box) {
  setTimeout(() => look(box), EVERY);
}

export function start(root) {
  for (const box of root.querySelectorAll("[data-waiting]")) {
    if (box.dataset.looking) continue;
    box.dataset.looking = "1";
    wait(box);
  }
}
