// Keys for people who do this all day; every page works without them.
//   j, k        next and previous row (elements with data-row); Enter follows its link
//   data-key    presses or focuses the element
//   /           the search field (data-search)
//   ?           what the keys of this page are
// A form with data-once is sent once, however often its button is pressed.

const typing = (element) =>
  element.isContentEditable ||
  (["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName) &&
    !["checkbox", "radio"].includes(element.type));

const linkOf = (row) => (row.matches("a[href]") ? row : row.querySelector("a[href]"));

function step(by) {
  const links = [...document.querySelectorAll("[data-row]")].map(linkOf).filter(Boolean);
  if (links.length === 0) return;
  const here = links.indexOf(document.activeElement);
  const next = here < 0 ? (by > 0 ? 0 : links.length - 1) : here + by;
  const link = links[Math.min(Math.max(next, 0), links.length - 1)];
  link.focus();
  link.closest("[data-row]").scrollIntoView({ block: "nearest" });
}

// What the page itself offers comes before the menu.
function named(key) {
  const wanted = `[data-key="${CSS.escape(key)}"]`;
  return document.querySelector(`main ${wanted}`) ?? document.querySelector(wanted);
}

function press(element) {
  if (typing(element)) element.focus();
  else element.click();
}

function showKeys() {
  const dialog = document.getElementById("keys");
  if (dialog === null) return;
  if (dialog.open) {
    dialog.close();
    return;
  }
  const list = dialog.querySelector("dl");
  for (const old of list.querySelectorAll("[data-found]")) old.remove();
  for (const element of document.querySelectorAll("[data-key]")) {
    if (named(element.dataset.key) !== element) continue;
    const row = document.createElement("div");
    row.dataset.found = "";
    const key = document.createElement("dt");
    const sign = document.createElement("kbd");
    sign.textContent = element.dataset.key;
    key.append(sign);
    const what = document.createElement("dd");
    what.textContent = (element.getAttribute("aria-label") || element.textContent).trim();
    row.append(key, what);
    list.append(row);
  }
  dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
  if (event.key === "?") showKeys();
  else if (document.querySelector("dialog[open]") !== null) return;
  else if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else {
    const wanted =
      event.key === "/"
        ? document.querySelector("[data-search]")
        : named(event.key);
    if (wanted === null) return;
    press(wanted);
  }
  event.preventDefault();
});

document.getElementById("show-keys")?.addEventListener("click", showKeys);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!("once" in form.dataset) || event.defaultPrevented) return;
  if ("sent" in form.dataset) event.preventDefault();
  form.dataset.sent = "";
});

// A page from the browser's memory may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
