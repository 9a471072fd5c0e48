// A quiz one question at a time. Without script all questions stand on the page, one below the other.

import { settled } from "./player.js";

function dress(quiz) {
  const parts = () => [...quiz.querySelectorAll("[data-question]")];
  const bar = quiz.querySelector(".player-progress");
  let now = 0;

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
  quiz.addEventListener("swapped", (event) => {
    // An answer that had waited may arrive while another question is being read: that one stays in view.
    show(now, false);
    if (!bar || !event.target) return;
    bar.value = parts().filter((part) => part.hasAttribute("data-answered")).length;
    // "2 of 5 answered", "Yanıtlanan soru: 2/5": the first number is how many.
    const told = quiz.querySelector(".player-title span");
    if (told) told.textContent = told.textContent.replace(/\d+/, bar.value);
  });
  quiz.addEventListener("time-over", () => settled().then(() => location.reload()));
  for (const form of quiz.querySelectorAll("form[data-after-queue]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.settled) return;
      event.preventDefault();
      form.setAttribute("aria-busy", "true");
      settled().then(() => {
        form.dataset.settled = "1";
        form.submit();
      });
    });
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
