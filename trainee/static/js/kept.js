// What is typed into one form of a page is not lost when another is sent or the page is left: it waits in this tab until its own form keeps it.

const PREFIX = "trainee.kept.";

export function start(root) {
  for (const form of root.matches?.("form[data-kept]") ? [root] : root.querySelectorAll("form[data-kept]")) {
    if (form.dataset.keeping) continue;
    form.dataset.keeping = "1";
    watch(form);
  }
}

function place(form) {
  return `${PREFIX}${document.body.dataset.person}.${form.getAttribute("action")}`;
}

function typed(form) {
  return Object.fromEntries([...form.elements].filter((one) => one.matches("textarea, input[type=text], input[type=date]")).map((one) => [one.name, one.value]));
}

function watch(form) {
  const stands = JSON.stringify(typed(form));
  let kept = null;
  try {
    kept = JSON.parse(sessionStorage.getItem(place(form)) ?? "null");
  } catch {
    return;
  }
  // A form that comes back with its complaints holds what was typed already; one that was kept holds the same as what waits.
  if (kept && !form.querySelector("[aria-invalid]") && JSON.stringify(kept.fields) !== stands) {
    for (const [name, value] of Object.entries(kept.fields)) if (form.elements[name]) form.elements[name].value = value;
    // It was written with an older state in sight: the server then shows both and overwrites neither.
    if (form.elements.version && kept.version) form.elements.version.value = kept.version;
    form.closest("details")?.setAttribute("open", "");
  } else sessionStorage.removeItem(place(form));
  form.addEventListener("input", () => {
    try {
      sessionStorage.setItem(place(form), JSON.stringify({ version: form.elements.version?.value, fields: typed(form) }));
    } catch {
      // Without storage it is as without this script: each form is saved by itself.
    }
  });
}
