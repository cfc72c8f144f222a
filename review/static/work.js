// Choosing rows: x ticks the row that has the focus, the box in the head ticks all.
const boxes = () => [...document.querySelectorAll(".pick input[name]")];
const all = document.querySelector("[data-pick-all]");
const told = document.querySelector("[data-picked]");

function count() {
  const picked = boxes().filter((box) => box.checked).length;
  if (told !== null) told.textContent = picked ? `(${picked})` : "";
  if (all !== null) all.checked = picked > 0 && picked === boxes().length;
}

if (all !== null) {
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes()) box.checked = all.checked;
    count();
  });
}

document.addEventListener("change", (event) => {
  if (event.target.matches(".pick input[name]")) count();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "x" || event.ctrlKey || event.altKey || event.metaKey) return;
  if (!event.target.matches("body, main, a, button, .pick input")) return;
  const box = event.target.closest("[data-row]")?.querySelector(".pick input");
  if (!box) return;
  box.checked = !box.checked;
  count();
  event.preventDefault();
});

count();
