// Counts while somebody types: how much is still to go, or how much room is left.

function dress(area) {
  const counter = document.getElementById(area.dataset.counter);
  if (!counter) return;
  const least = Number(area.dataset.minlength || 0);
  const most = Number(area.getAttribute("maxlength") || 0);
  const idle = counter.textContent;
  const count = () => {
    const length = area.value.trim().length;
    if (!length) counter.textContent = idle;
    else if (length < least) counter.textContent = counter.dataset.toGo.replace("{n}", String(least - length));
    else if (most) counter.textContent = counter.dataset.left.replace("{n}", (most - area.value.length).toLocaleString(document.documentElement.lang));
    else counter.textContent = "";
  };
  area.addEventListener("input", count);
  count();
}

export function start(root) {
  for (const area of root.querySelectorAll("[data-counter]")) {
    if (area.dataset.counted) continue;
    area.dataset.counted = "1";
    dress(area);
  }
}
