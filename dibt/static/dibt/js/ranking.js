// A ranking [data-ranking]: its plain form has a <select> for each place; here it becomes a board on which options are
// pressed in order, dragged, or moved by buttons and Alt with an arrow key. The selects keep what is chosen and are
// what is sent; they begin with the suggested order where there is one.
const STARTS_AFTER = 6; // pixels: what moves less is a press
const EDGE = 110; // pixels from the upper and the lower end of the screen: what is held there scrolls the page
const FASTEST = 900; // pixels a second, at the very end of the screen

const items = (ranking) => [...ranking.querySelectorAll("[data-value]")];
const selects = (ranking) => [...ranking.querySelectorAll("select")];
const itemOf = (ranking, value) => items(ranking).find((item) => item.dataset.value === value);
const inWords = (number) => number.toLocaleString(document.documentElement.lang || undefined);

function order(ranking) {
  return [...new Set(selects(ranking).map((select) => select.value))].filter((value) => value);
}

// Moving an element takes the focus from it, so that only what is elsewhere is moved.
function fill(list, wanted) {
  wanted.forEach((item, index) => {
    if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null);
  });
}

function showItem(item, place, count) {
  item.querySelector("[data-ranking-place]").textContent = place ? inWords(place) : "";
  item.querySelector("[data-ranking-toggle]").setAttribute("aria-pressed", String(place > 0));
  for (const button of item.querySelectorAll("[data-ranking-move]")) {
    const end = button.dataset.rankingMove === "1" ? count : 1;
    button.setAttribute("aria-disabled", String(place === end));
  }
}

function show(ranking) {
  const ranked = order(ranking);
  const focused = document.activeElement;
  const rest = items(ranking).filter((item) => !ranked.includes(item.dataset.value));
  rest.sort((one, other) => one.dataset.position - other.dataset.position);
  fill(ranking.querySelector("[data-ranking-ranked]"), ranked.map((value) => itemOf(ranking, value)));
  fill(ranking.querySelector("[data-ranking-rest]"), rest);
  for (const item of items(ranking)) showItem(item, ranked.indexOf(item.dataset.value) + 1, ranked.length);
  ranking.querySelector("[data-ranking-empty]").hidden = ranked.length > 0;
  ranking.querySelector("[data-ranking-rest-title]").hidden = rest.length === 0;
  ranking.toggleAttribute("data-whole", rest.length === 0);
  offer(ranking, ranked);
  if (ranking.contains(focused) && focused !== document.activeElement) focused.focus({ preventScroll: true });
}

function suggestedOrder(ranking) {
  const suggested = items(ranking).filter((item) => item.dataset.suggested);
  suggested.sort((one, other) => one.dataset.suggested - other.dataset.suggested);
  return suggested.map((item) => item.dataset.value);
}

// As long as the suggested order stands, it can be taken away; else it can be taken.
function offer(ranking, ranked) {
  const taking = ranking.querySelector("[data-ranking-suggested]");
  const clearing = ranking.querySelector("[data-ranking-clear]");
  if (!taking) return;
  const focused = [taking, clearing].includes(document.activeElement);
  clearing.hidden = String(ranked) !== String(suggestedOrder(ranking));
  taking.hidden = !clearing.hidden;
  if (focused) (taking.hidden ? clearing : taking).focus({ preventScroll: true });
}

function take(ranking, values) {
  selects(ranking).forEach((select, index) => {
    select.value = values[index] ?? "";
  });
  show(ranking);
}

function say(ranking, value) {
  const ranked = order(ranking);
  const words = ranked.includes(value) ? ranking.dataset.saidPlaced : ranking.dataset.saidOut;
  const all = ranking.hasAttribute("data-whole") ? ` ${ranking.dataset.saidAll}` : "";
  const option = itemOf(ranking, value).querySelector("[data-ranking-text]").textContent;
  const said = { option, place: inWords(ranked.indexOf(value) + 1), count: inWords(selects(ranking).length) };
  ranking.querySelector("[data-ranking-said]").textContent = words.replace(/{(\w+)}/g, (_all, name) => said[name]) + all;
}

// With one option left, its place is the last.
function completed(ranking, values) {
  const left = items(ranking).map((item) => item.dataset.value).filter((value) => !values.includes(value));
  return left.length === 1 ? [...values, ...left] : values;
}

function change(ranking, value, values) {
  const grows = values.length > order(ranking).length;
  take(ranking, grows ? completed(ranking, values) : values);
  say(ranking, value);
  selects(ranking)[0].dispatchEvent(new Event("change", { bubbles: true }));
}

function at(ranked, value, index) {
  const others = ranked.filter((each) => each !== value);
  return [...others.slice(0, index), value, ...others.slice(index)];
}

function toggle(ranking, value) {
  const ranked = order(ranking);
  const without = ranked.filter((each) => each !== value);
  change(ranking, value, without.length < ranked.length ? without : [...ranked, value]);
}

function move(ranking, value, step) {
  const ranked = order(ranking);
  const place = ranked.indexOf(value);
  if (place < 0 && step < 0) change(ranking, value, [...ranked, value]);
  else if (place >= 0) change(ranking, value, at(ranked, value, Math.max(place + step, 0)));
}

function takeSuggested(ranking) {
  const values = suggestedOrder(ranking);
  if (values.length) change(ranking, values[0], values);
}

function clear(ranking) {
  take(ranking, []);
  ranking.querySelector("[data-ranking-said]").textContent = ranking.dataset.saidNone;
  selects(ranking)[0].dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const ranking = event.target.closest("[data-ranking]");
  const item = event.target.closest("[data-value]");
  const mover = event.target.closest("[data-ranking-move]");
  if (!ranking) return;
  if (event.target.closest("[data-ranking-suggested]")) takeSuggested(ranking);
  else if (event.target.closest("[data-ranking-clear]")) clear(ranking);
  else if (mover) move(ranking, item.dataset.value, Number(mover.dataset.rankingMove));
  else if (event.target.closest("[data-ranking-toggle]")) toggle(ranking, item.dataset.value);
});

document.addEventListener("keydown", (event) => {
  const item = event.target.closest?.("[data-ranking] [data-value]");
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!item || !step || !event.altKey) return;
  event.preventDefault();
  move(item.closest("[data-ranking]"), item.dataset.value, step);
});

// --- Dragging: with a finger by the handle, so that the page can still be scrolled; with a mouse anywhere.

let drag = null;

function under(ranking, value, y) {
  const ranked = order(ranking).filter((each) => each !== value);
  const rest = ranking.querySelector("[data-ranking-rest-title]:not([hidden])");
  if (rest && y > rest.getBoundingClientRect().bottom) return ranked;
  const middle = (each) => {
    const box = itemOf(ranking, each).getBoundingClientRect();
    return box.top + box.height / 2;
  };
  return at(ranked, value, ranked.filter((each) => middle(each) < y).length);
}

document.addEventListener("pointerdown", (event) => {
  const item = event.target.closest("[data-ranking] [data-value]");
  const held = event.target.closest("[data-ranking-handle]");
  if (!item || event.button !== 0 || !(held || event.pointerType === "mouse")) return;
  if (event.target.closest("[data-ranking-move]")) return;
  const ranking = item.closest("[data-ranking]");
  drag = { ranking, item, y: event.clientY, pointer: event.pointerId, before: order(ranking), moves: false };
});

document.addEventListener("pointermove", (event) => {
  if (drag?.pointer !== event.pointerId) return;
  if (!drag.moves && Math.abs(event.clientY - drag.y) < STARTS_AFTER) return;
  drag.y = event.clientY;
  if (!drag.moves) {
    drag.moves = true;
    drag.ranking.setPointerCapture(event.pointerId);
    drag.item.classList.add("is-dragged");
    follow(drag);
  }
  place();
});

function place() {
  const values = under(drag.ranking, drag.item.dataset.value, drag.y);
  if (String(values) !== String(order(drag.ranking))) take(drag.ranking, values);
}

// How fast the page goes while something is held at this height, in pixels a second: the faster, the nearer to an end
// of the screen, until that end of the ranking is in sight. Bars cover both ends; on a low screen a third is enough.
function speed({ ranking, y }) {
  const edge = Math.min(EDGE, innerHeight / 3);
  const { top, bottom } = ranking.getBoundingClientRect();
  if (y < edge && top < edge) return -FASTEST * Math.min((edge - y) / edge, 1);
  const below = innerHeight - edge;
  return y > below && bottom > below ? FASTEST * Math.min((y - below) / edge, 1) : 0;
}

// With each picture of the screen, as long as this is dragged. It is not decoration: also where motion is unwanted.
function follow(dragged, before = performance.now()) {
  requestAnimationFrame((now) => {
    if (drag !== dragged) return;
    const by = (speed(dragged) * Math.max(now - before, 0)) / 1000;
    if (by) {
      scrollBy({ top: Math.sign(by) * Math.ceil(Math.abs(by)), behavior: "instant" });
      place();
    }
    follow(dragged, now);
  });
}

// Letting go of a button is no press of it.
function swallowClick() {
  const swallow = (event) => event.stopImmediatePropagation();
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }));
}

function drop(event, keep) {
  if (drag?.pointer !== event.pointerId) return;
  const { ranking, item, before, moves } = drag;
  drag = null;
  if (!moves) return;
  swallowClick();
  item.classList.remove("is-dragged");
  const after = order(ranking);
  take(ranking, before);
  if (keep && String(after) !== String(before)) change(ranking, item.dataset.value, after);
}
document.addEventListener("pointerup", (event) => drop(event, true));
document.addEventListener("pointercancel", (event) => drop(event, false));

// --- Beginning: when the page is there, when htmx brings a record, when a browser restores what was chosen.

function begin() {
  for (const ranking of document.querySelectorAll("[data-ranking]")) {
    items(ranking).forEach((item, index) => {
      item.dataset.position ??= index;
    });
    ranking.querySelector("[data-ranking-plain]").hidden = true;
    ranking.querySelector("[data-ranking-board]").hidden = false;
    take(ranking, order(ranking));
  }
}
for (const name of ["htmx:afterSwap", "workspace:shown"]) document.addEventListener(name, begin);
addEventListener("pageshow", begin);
begin();
