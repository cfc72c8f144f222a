// What is typed into a form is kept in this window until it is done: an expired sign-in, a fault or
// the back button lose nothing. Forms with data-keep, under that name; gone with the window.

const PREFIX = "saraban-typed:";
const fieldsOf = (form) =>
  [...form.elements].filter((field) =>
    field.matches(
      "textarea[name], input:not([type=hidden]):not([type=file]):not([type=checkbox])[name]",
    ),
  );

function keep(form) {
  const typed = {};
  for (const field of fieldsOf(form)) {
    if (field.value !== field.defaultValue) typed[field.name] = [field.defaultValue, field.value];
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
    // Only over what it was typed over: another's later words are not undone in silence.
    const [over, value] = typed[field.name] ?? [];
    if (over !== field.defaultValue || field.value !== over || value === over) continue;
    field.value = value;
    brought = true;
  }
  if (!brought) return;
  form.querySelector(".kept")?.removeAttribute("hidden");
  for (let around = form.closest("details"); around; around = around.parentElement.closest("details")) {
    around.open = true;
  }
}

const done = document.querySelector("[data-done]")?.dataset.done;
if (done) {
  sessionStorage.removeItem(PREFIX + done);
  // Each of these hands the memo in.
  const [, id, action] = done.match(/^(\d+)-(.+)$/) ?? [];
  if (["edit_draft", "accept_memo", "submit_draft", "approve_with_edits"].includes(action)) {
    sessionStorage.removeItem(`${PREFIX}${id}-memo`);
  }
}
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
