// The case page: zoom of the pages, a field and its place light up together, text on demand.
// Without it the pages, the links between fields and places, and the page of the text remain.

const sheets = document.querySelector(".sheets");
const LEAST = -2;
const MOST = 4;

function zoom(by) {
  const now = Number(sheets.dataset.zoom ?? "0");
  const next = by === 0 ? 0 : Math.min(MOST, Math.max(LEAST, now + by));
  // What stands in the middle stays there.
  const across = (sheets.scrollLeft + sheets.clientWidth / 2) / sheets.scrollWidth;
  const down = (sheets.scrollTop + sheets.clientHeight / 2) / sheets.scrollHeight;
  sheets.dataset.zoom = String(next);
  sheets.scrollLeft = across * sheets.scrollWidth - sheets.clientWidth / 2;
  sheets.scrollTop = down * sheets.scrollHeight - sheets.clientHeight / 2;
}

document.querySelector(".zoom")?.removeAttribute("hidden");
for (const button of document.querySelectorAll("[data-zoom][data-key]")) {
  button.addEventListener("click", () => zoom(Number(button.dataset.zoom)));
}

const markOf = (key) => document.getElementById(`mark-${key}`);
const rowOf = (key) => document.getElementById(`field-${key}`);

function light(key, on) {
  markOf(key)?.classList.toggle("lit", on);
  rowOf(key)?.classList.toggle("lit", on);
}

// Scrolls the pages alone, never the window.
function bring(mark) {
  const place = mark.getBoundingClientRect();
  const frame = sheets.getBoundingClientRect();
  if (place.top >= frame.top && place.bottom <= frame.bottom) return;
  sheets.scrollTop += place.top - frame.top - frame.height / 3;
  sheets.scrollLeft += place.left - frame.left - frame.width / 4;
}

for (const row of document.querySelectorAll("[data-field]")) {
  const key = row.dataset.field;
  const mark = markOf(key);
  if (mark === null) continue;
  row.addEventListener("mouseenter", () => light(key, true));
  row.addEventListener("mouseleave", () => light(key, row.contains(document.activeElement)));
  row.addEventListener("focusin", () => {
    light(key, true);
    bring(mark);
  });
  row.addEventListener("focusout", () => light(key, false));
}

for (const mark of document.querySelectorAll("[data-of]")) {
  const key = mark.dataset.of;
  mark.addEventListener("mouseenter", () => light(key, true));
  mark.addEventListener("mouseleave", () => light(key, false));
  mark.addEventListener("focus", () => light(key, true));
  mark.addEventListener("blur", () => light(key, false));
}

for (const link of document.querySelectorAll('a[href^="#mark-"]')) {
  link.addEventListener("click", (event) => {
    const mark = document.getElementById(link.hash.slice(1));
    if (mark === null) return;
    event.preventDefault();
    bring(mark);
    light(mark.dataset.of, true);
  });
}

for (const image of document.querySelectorAll(".paper img")) {
  const missing = () => {
    image.closest(".paper").classList.add("missing");
    image.replaceWith(image.dataset.missing);
  };
  if (image.complete && image.naturalWidth === 0 && image.currentSrc !== "") missing();
  else image.addEventListener("error", missing);
}

// A document whose pages are not counted yet: the next one is asked for when this one is there.
function askForMore(image) {
  image.addEventListener("load", () => {
    const number = Number(image.dataset.more) + 1;
    const sheet = image.closest(".sheet");
    const next = new Image(1000, 1414);
    next.alt = image.alt;
    next.dataset.more = String(number);
    next.addEventListener(
      "load",
      () => {
        const figure = document.createElement("figure");
        figure.className = "sheet";
        const paper = document.createElement("div");
        paper.className = "paper";
        paper.append(next);
        figure.append(paper);
        sheet.after(figure);
      },
      { once: true },
    );
    askForMore(next);
    next.src = image.src.replace(/\d+\.png$/, `${number}.png`);
  });
}
for (const image of document.querySelectorAll("img[data-more]")) {
  if (image.complete && image.naturalWidth > 0) {
    const source = image.src;
    askForMore(image);
    image.src = source;
  } else askForMore(image);
}

async function showText(link) {
  const answer = await fetch(link.href, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) throw new Error("no text");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const text = page.querySelector(".said-by-letter");
  if (text === null) throw new Error("no text");
  text.removeAttribute("id");
  link.closest(".text").replaceWith(document.adoptNode(text));
}

for (const link of document.querySelectorAll("a[data-text]")) {
  if (link.dataset.text === "now") showText(link).catch(() => {});
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    showText(link).catch(() => location.assign(link.href));
  });
}

// The key without Shift on most keyboards.
document.addEventListener("keydown", (event) => {
  const busy = ["INPUT", "TEXTAREA", "SELECT"].includes(event.target.tagName);
  if (busy || event.ctrlKey || event.altKey || event.metaKey || event.key !== "=") return;
  zoom(1);
  event.preventDefault();
});
