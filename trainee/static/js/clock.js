// Clocks that count up from a moment or down to one. The server keeps the time that counts; this only shows it.

function text(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value) => String(value).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  return `${hours ? `${hours}:` : ""}${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

function dress(clock) {
  const shown = clock.querySelector("[data-clock-words]") ?? clock;
  const skew = clock.dataset.clockAt ? Number(clock.dataset.clockAt) - Date.now() / 1000 : 0;
  const tick = () => {
    if (!clock.isConnected) return clearInterval(timer);
    const now = Date.now() / 1000 + skew;
    if (clock.dataset.clockSince) shown.textContent = text(now - Number(clock.dataset.clockSince));
    const left = Number(clock.dataset.clockUntil) - now;
    if (!clock.dataset.clockUntil) return undefined;
    shown.textContent = text(Math.ceil(left));
    if (left < 60) clock.dataset.late = "";
    if (left <= 0) {
      clearInterval(timer);
      document.getElementById(clock.dataset.clockForm ?? "")?.requestSubmit();
      clock.dispatchEvent(new CustomEvent("time-over", { bubbles: true }));
    }
    return undefined;
  };
  const timer = setInterval(tick, 1000);
  tick();
}

export function start(root) {
  for (const clock of root.querySelectorAll("[data-clock-until], [data-clock-since]")) {
    if (clock.dataset.ticking) continue;
    clock.dataset.ticking = "1";
    dress(clock);
  }
}
