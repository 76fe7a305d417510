// Rows to select in a form [data-selecting]: each has a box [data-select], one box [data-select-all] takes all of
// them, and [data-select-count] says how many. What a person selected stays so when htmx brings the rows anew.
const chosen = new Set();
const boxes = () => [...document.querySelectorAll("[data-selecting] [data-select]")];

function remember(box) {
  if (box.checked) chosen.add(box.value);
  else chosen.delete(box.value);
}

function show() {
  const all = boxes();
  const number = all.filter((box) => box.checked).length;
  for (const bar of document.querySelectorAll("[data-select-bar]")) {
    const every = bar.querySelector("[data-select-all]");
    const count = bar.querySelector("[data-select-count]");
    const text = number ? count.dataset.selectCount.replace("{number}", number.toLocaleString(document.documentElement.lang)) : "";
    bar.hidden = false;
    every.checked = number > 0 && number === all.length;
    every.indeterminate = number > 0 && number < all.length;
    if (count.textContent !== text) count.textContent = text;
  }
}

document.addEventListener("change", (event) => {
  const target = event.target;
  if (!target.matches("[data-select], [data-select-all]")) return;
  if (target.matches("[data-select-all]")) for (const box of boxes()) box.checked = target.checked;
  boxes().forEach(remember);
  show();
});

// A row that is no longer there is no longer selected: nobody could see that it is.
document.addEventListener("htmx:afterSwap", () => {
  const all = boxes();
  for (const box of all) box.checked = chosen.has(box.value);
  const present = new Set(all.map((box) => box.value));
  for (const value of [...chosen]) if (!present.has(value)) chosen.delete(value);
  show();
});

function begin() {
  boxes().forEach(remember);
  show();
}

// Browsers restore boxes after this script ran when one comes back to the page.
addEventListener("pageshow", begin);
begin();
