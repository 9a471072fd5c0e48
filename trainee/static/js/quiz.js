// A quiz one question at a time. Without script all questions stand on the page, one below the other.

import { waiting } from "./player.js";

function dress(quiz) {
  const parts = () => [...quiz.querySelectorAll("[data-question]")];
  const bar = quiz.querySelector(".player-progress");
  const told = quiz.querySelector(".player-title span");
  const plain = told?.textContent;
  let now = 0;

  /** How many have an answer: those that are saved, and those that wait here for the line. */
  function count() {
    const saved = parts().filter((part) => part.hasAttribute("data-answered")).length;
    // A quiz numbers its parts by the question, a review by its place: q-<key>, r-<place>.
    const here = new Set(waiting().map((item) => decodeURIComponent(item.url.split("/").pop())));
    const away = parts().filter((part) => here.has(part.id.slice(2)) && !part.hasAttribute("data-answered")).length;
    if (bar) bar.value = saved + away;
    // "2 of 5 answered", "Yanıtlanan soru: 2/5": the first number is how many.
    if (told) told.textContent = plain.replace(/\d+/, saved + away) + (away ? quiz.dataset.wordsWaiting.replace("{n}", away) : "");
  }

  function show(place, focus = true) {
    const all = parts();
    now = Math.max(0, Math.min(place, all.length - 1));
    all.forEach((part, index) => {
      part.hidden = index !== now;
      for (const way of part.querySelectorAll("[data-way]")) way.hidden = false;
      for (const back of part.querySelectorAll("[data-back]")) back.hidden = now === 0;
    });
    if (!focus) return;
    const head = all[now].querySelector("[tabindex='-1']") ?? all[now];
    head.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }

  function first() {
    const all = parts();
    const asked = all.findIndex((part) => part.id && `#${part.id}` === location.hash);
    const open = all.findIndex((part) => !part.hasAttribute("data-answered") && !part.hasAttribute("data-last"));
    return asked >= 0 ? asked : open >= 0 ? open : all.length - 1;
  }

  quiz.addEventListener("click", (event) => {
    if (event.target.closest("[data-next]")) show(now + 1);
    else if (event.target.closest("[data-back]")) show(now - 1);
  });
  quiz.addEventListener("swapped", () => {
    // An answer that had waited may arrive while another question is being read: that one stays in view.
    show(now, false);
    count();
  });
  document.addEventListener("waiting", count);
  document.addEventListener("answered", count);
  // Reviews are not handed in: their last part has no form.
  const last = quiz.querySelector("[data-last] form");
  if (last) {
    const told_waiting = last.querySelector("[data-when-waiting]");
    document.addEventListener("waiting", () => { told_waiting.hidden = last.getAttribute("aria-busy") !== "true"; });
    quiz.addEventListener("time-over", () => last.requestSubmit());
  }
  show(first(), false);
}

export function start(root) {
  for (const quiz of root.querySelectorAll("[data-quiz]")) {
    if (quiz.dataset.ready) continue;
    quiz.dataset.ready = "1";
    dress(quiz);
  }
}
