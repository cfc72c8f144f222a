// What is typed into a form is kept in this window until it is done: an expired sign-in, a fault or
// the back button lose nothing. Forms with data-keep, under that name; gone with the window.

const PREFIX = "saraban-typed:";
const fieldsOf = (form) =>
  [...form.elements].filter((field) => field.matches("textarea[name], input:not([type=hidden]):not([type=file]):not([type=checkbox])[name]"));

function keep(form) {
  const typed = {};
  for (const field of fieldsOf(form)) {
    if (field.value !== field.defaultValue) typed[field.name] = field.value;
  }
  try {
    if (Object.keys(typed).length === 0) sessionStorage.removeItem(PREFIX + form.dataset.keep);
    else sessionStorage.setItem(PREFIX + form.dataset.keep, JSON.stringify(typed));
  } catch {
    // Too long for the store: the page itself still holds it.
  }
}

function bring(form) {
  let typed;
  try {
    typed = JSON.parse(sessionStorage.getItem(PREFIX + form.dataset.keep) ?? "null");
  } catch {
    typed = null;
  }
  if (typed === null) return;
  let brought = false;
  for (const field of fieldsOf(form)) {
    const value = typed[field.name];
    // What the server gave back is newer.
    if (typeof value !== "string" || field.value !== field.defaultValue || value === field.value) continue;
    if (field.tagName === "INPUT" && field.defaultValue !== "") continue;
    field.value = value;
    brought = true;
  }
  if (brought) form.closest("details")?.setAttribute("open", "");
}

const done = document.querySelector("[data-done]")?.dataset.done;
if (done) sessionStorage.removeItem(PREFIX + done);
for (const form of document.querySelectorAll("form[data-keep]")) {
  bring(form);
  form.addEventListener("input", () => keep(form));
}

// One form at a time is open.
for (const act of document.querySelectorAll("details.act")) {
  act.addEventListener("toggle", () => {
    if (!act.open) return;
    act.querySelector("textarea, select, input:not([type=hidden])")?.focus({ preventScroll: true });
    for (const other of act.parentElement.children) {
      if (other !== act && other.matches("details.act[open]")) other.open = false;
    }
  });
}
