// Ordering questions: up and down buttons and dragging on top of the selects, which stay the truth that is sent.

function button(label, glyph, icons) {
  const made = document.createElement("button");
  made.type = "button";
  made.setAttribute("aria-label", label);
  made.innerHTML = `<svg class="icon" width="20" height="20" aria-hidden="true" focusable="false"><use href="${icons}#${glyph}"></use></svg>`;
  return made;
}

function number(list) {
  const items = [...list.querySelectorAll("[data-item]")];
  items.forEach((item, index) => {
    item.querySelector("select").value = String(index + 1);
    item.querySelector(".ordering-number").textContent = String(index + 1);
    const [up, down] = item.querySelectorAll(".ordering-tools button");
    up.setAttribute("aria-disabled", String(index === 0));
    down.setAttribute("aria-disabled", String(index === items.length - 1));
  });
  return items;
}

function move(field, item, by) {
  const list = item.parentElement;
  const other = by < 0 ? item.previousElementSibling : item.nextElementSibling;
  if (!other) return;
  if (by < 0) other.before(item);
  else other.after(item);
  const items = number(list);
  const live = document.querySelector("[data-live]");
  if (live) live.textContent = `${field.dataset.wordPlace} ${items.indexOf(item) + 1} / ${items.length}`;
}

function dragging(list) {
  let held = null;
  list.addEventListener("dragstart", (event) => {
    held = event.target.closest("[data-item]");
    if (!held) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
    held.dataset.dragged = "";
  });
  list.addEventListener("dragover", (event) => {
    const over = event.target.closest?.("[data-item]");
    if (!held || !over || over.parentElement !== list) return;
    event.preventDefault();
    if (over === held) return;
    const { top, height } = over.getBoundingClientRect();
    if (event.clientY < top + height / 2) over.before(held);
    else over.after(held);
  });
  const drop = (event) => {
    if (!held) return;
    event.preventDefault();
    delete held.dataset.dragged;
    held = null;
    number(list);
  };
  list.addEventListener("drop", drop);
  list.addEventListener("dragend", drop);
}

function dress(field) {
  const list = field.querySelector(".ordering-list");
  const icons = document.querySelector(".icon use")?.getAttribute("href").split("#")[0] ?? "";
  const place = (item) => Number(item.querySelector("select").value);
  const items = [...list.querySelectorAll("[data-item]")].sort((one, other) => place(one) - place(other));
  for (const item of items) {
    list.append(item);
    item.draggable = true;
    item.querySelector(".ordering-place").hidden = true;
    const badge = document.createElement("span");
    badge.className = "ordering-number";
    item.prepend(badge);
    const tools = document.createElement("span");
    tools.className = "ordering-tools";
    const words = item.querySelector(".ordering-words").textContent;
    const up = button(`${field.dataset.wordUp}: ${words}`, "arrow-up", icons);
    const down = button(`${field.dataset.wordDown}: ${words}`, "arrow-down", icons);
    up.addEventListener("click", () => { move(field, item, -1); up.focus(); });
    down.addEventListener("click", () => { move(field, item, 1); down.focus(); });
    tools.append(up, down);
    item.append(tools);
  }
  number(list);
  dragging(list);
}

export function start(root) {
  for (const field of root.matches?.("[data-ordering]") ? [root] : root.querySelectorAll("[data-ordering]")) {
    if (field.dataset.ready) continue;
    field.dataset.ready = "1";
    dress(field);
  }
}
