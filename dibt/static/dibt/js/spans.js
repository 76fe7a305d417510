// Marks in a text [data-spans]. With a mouse words are selected and marked at once; with a finger the first and the
// last word are tapped, or a selection is made by holding; by keys one moves, selects with Shift and presses a digit.
import { modified } from "./keys.js";
import {
  empty, entries, mark, offered, pend, put, refresh, remove, same, say, sayUnmarked, shortened, showState, start,
  stateRoot, states, take, textOf, unmarked, useLabel,
} from "./spans-marks.js";
import * as page from "./spans-show.js";
import { canSegment, covers, placeAt } from "./spans-text.js";

// --- Pointing

let pointer = "mouse";
let drag = null; // a mouse that is held down in a text

document.addEventListener("pointerdown", (event) => {
  pointer = event.pointerType;
  const root = stateRoot(event.target);
  if (root) states.get(root).keys = false;
  const holds = root && pointer === "mouse" && event.target.closest("[data-spans-text]");
  drag = holds ? { root, x: event.clientX, y: event.clientY } : null;
});

// A button of the labels must not take away what is selected.
document.addEventListener("mousedown", (event) => {
  if (stateRoot(event.target) && event.target.closest("[data-spans-palette]")) event.preventDefault();
});

document.addEventListener("mouseup", (event) => {
  if (!drag?.root || pointer !== "mouse") return;
  const { root, x, y } = drag;
  drag = null;
  const selects = event.detail > 1 || event.shiftKey || Math.hypot(event.clientX - x, event.clientY - y) > 3;
  const found = selects && page.selected(textOf(root));
  const part = found && states.get(root).marked.snapped(found.start, found.end);
  if (!part) return;
  pend(root, part, { redraw: false });
  mark(root, part, states.get(root).label);
  drag = { done: true };
});

// Holding a finger selects; so do assistive tools.
document.addEventListener("selectionchange", () => {
  const node = getSelection().anchorNode;
  const root = stateRoot(node?.nodeType === Node.TEXT_NODE ? node.parentElement : node);
  const found = root && !drag && page.selected(textOf(root));
  const part = found && states.get(root).marked.snapped(found.start, found.end);
  if (part && !isPending(root, part)) pend(root, part, { redraw: false });
});

function isPending(root, { start: from, end }) {
  const { pending } = states.get(root);
  return pending?.start === from && pending.end === end;
}

// The mark under a finger; again there, the one around it.
function markUnder(root, target) {
  const all = entries(root);
  const around = [];
  for (let drawn = target.closest("mark"); drawn; drawn = drawn.parentElement.closest("mark")) {
    around.push(all[drawn.dataset.index]);
  }
  const { current } = states.get(root);
  const index = around.findIndex((entry) => current && same(entry.mark, current));
  return around[(index + 1) % around.length];
}

function wordUnder(root, x, y) {
  const { marked } = states.get(root);
  const place = placeAt(textOf(root), x, y);
  const words = place === null ? [] : marked.wordsAt(place);
  const word = words.find((each) => covers(textOf(root), each, x, y));
  return word ? marked.snapped(word.start, word.end) : null;
}

function tap(root, event) {
  const state = states.get(root);
  const word = wordUnder(root, event.clientX, event.clientY);
  if (state.pending && word) {
    const again = state.pending.start <= word.start && word.end <= state.pending.end;
    const [start, end] = [Math.min(state.pending.start, word.start), Math.max(state.pending.end, word.end)];
    return pend(root, again ? null : { start, end });
  }
  return word ? pend(root, word) : pend(root, null);
}

function point(root, event) {
  if (drag?.done) return;
  const state = states.get(root);
  const under = markUnder(root, event.target);
  const place = placeAt(textOf(root), event.clientX, event.clientY);
  if (under?.suggested) {
    state.label = under.label;
    pend(root, { start: under.start, end: under.end });
  } else if (under && (pointer === "mouse" || !state.pending)) {
    pend(root, null);
    state.current = under.mark;
    showState(root);
  } else if (pointer === "mouse") pend(root, null);
  else tap(root, event);
  if (place !== null) state.caret = state.anchor = state.marked.letters[state.marked.letterAt(place)];
}

function inList(root, button) {
  const line = button.closest("[data-index]");
  const { mark: about } = entries(root)[line.dataset.index];
  if (button.matches("[data-spans-take]")) take(root, [about]);
  else remove(root, about);
  const lines = root.querySelectorAll("[data-spans-list] li");
  const next = lines[Math.min(line.dataset.index, lines.length - 1)];
  (next?.querySelector("button:not([hidden])") ?? textOf(root)).focus({ preventScroll: true });
}

function press(root, button) {
  const state = states.get(root);
  if (button.matches("[data-spans-label]")) useLabel(root, button.dataset.spansLabel);
  else if (button.matches("[data-spans-mark]")) mark(root, state.pending, state.label);
  else if (button.matches("[data-spans-remove]")) remove(root, state.current);
  else if (button.matches("[data-spans-clear]")) pend(root, null);
  else if (button.matches("[data-spans-take-all]")) take(root, offered(root));
  else if (button.matches("[data-spans-empty]")) empty(root);
  else if (button.closest("[data-spans-list]")) inList(root, button);
}

document.addEventListener("click", (event) => {
  const root = stateRoot(event.target);
  const button = root && event.target.closest("button");
  const focused = button && document.activeElement === button;
  if (root && event.target.closest("[data-spans-text]")) point(root, event);
  else if (button) press(root, button);
  // The focus never goes with a button that is hidden by what it did.
  if (focused && button.isConnected && button.closest("[hidden]")) textOf(root).focus({ preventScroll: true });
});

// What is selected and not marked would be lost without a word: nothing is sent before it is marked or let go. Before
// all others hear of it, whoever sends this form.
document.addEventListener(
  "submit",
  (event) => {
    const root = unmarked(event.target);
    if (!root) return;
    event.preventDefault();
    event.stopPropagation();
    sayUnmarked(root);
  },
  { capture: true },
);

document.addEventListener("change", (event) => {
  const root = event.target.matches("[data-spans-nothing]") && stateRoot(event.target);
  if (root) put(root, [], event.target.checked ? "[]" : "");
});

// --- Keys, while the text has the focus

function moveTo(root, place, extend) {
  const state = states.get(root);
  state.anchor = extend ? state.anchor : place;
  state.caret = place;
  pend(root, extend ? state.marked.snapped(state.anchor, place) : null);
  root.querySelector("[data-spans-caret]").scrollIntoView({ block: "nearest" });
  const words = state.pending && shortened(state.marked.slice(state.pending));
  say(root, words ? page.sentence(root, "Selected", { words }) : here(root), "[data-spans-moved]");
}

// The letter at the caret, and in which marks it is.
function here(root) {
  const { marked, caret } = states.get(root);
  const letter = marked.text.slice(caret, marked.step(caret, 1));
  const { saidEnd, saidLine, saidSpace } = root.dataset;
  const blank = /[\n\r]/.test(letter) ? saidLine : saidSpace;
  const words = caret >= marked.length ? saidEnd : letter.trim() ? letter : blank;
  const label = around(root).map((entry) => entry.name).join(", ");
  return label ? page.sentence(root, "Inside", { words, label }) : words;
}

function around(root) {
  const { caret } = states.get(root);
  return entries(root).filter((entry) => !entry.suggested && entry.start <= caret && caret < entry.end);
}

function lineAway(root, by) {
  const { marked, caret } = states.get(root);
  const box = page.caretBox(textOf(root), marked, caret);
  const height = parseFloat(getComputedStyle(textOf(root)).lineHeight) || box.height * 2;
  return box && placeAt(textOf(root), box.x, box.top + box.height / 2 + by * height);
}

function target(root, event) {
  const { marked, caret } = states.get(root);
  const forward = getComputedStyle(textOf(root)).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
  const by = event.key === forward ? 1 : -1;
  if (event.key === "Home" || (event.metaKey && by < 0)) return 0;
  if (event.key === "End" || event.metaKey) return marked.length;
  if (event.key === "ArrowUp" || event.key === "ArrowDown") {
    const way = event.key === "ArrowDown" ? 1 : -1;
    const place = lineAway(root, way);
    return place === null ? marked.stepWord(caret, way) : marked.letters[marked.letterAt(place)];
  }
  return event.ctrlKey || event.altKey ? marked.stepWord(caret, by) : marked.step(caret, by);
}

function selectOrMark(root) {
  const state = states.get(root);
  if (state.pending) return mark(root, state.pending, state.label);
  const word = state.marked.wordsAt(state.caret).at(-1);
  if (!word) return say(root, here(root), "[data-spans-moved]");
  state.anchor = word.start;
  return moveTo(root, word.end, true);
}

function act(root, event) {
  const state = states.get(root);
  if (/^(Arrow(Left|Right|Up|Down)|Home|End)$/.test(event.key)) moveTo(root, target(root, event), event.shiftKey);
  else if (modified(event)) return false;
  else if (event.key === " ") selectOrMark(root);
  else if (event.key === "Escape" && (state.pending || state.current)) pend(root, null);
  else if (event.key === "Delete" || event.key === "Backspace") {
    const gone = state.current ?? around(root).at(-1)?.mark;
    if (gone) remove(root, gone);
  } else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  const root = event.target.matches?.("[data-spans-text]") && stateRoot(event.target);
  if (!root || event.isComposing) return;
  states.get(root).keys = true;
  if (act(root, event)) event.preventDefault();
});

for (const name of ["focusin", "focusout"]) {
  document.addEventListener(name, (event) => {
    const root = event.target.matches?.("[data-spans-text]") && stateRoot(event.target);
    if (!root) return;
    if (name === "focusin") states.get(root).keys = event.target.matches(":focus-visible");
    requestAnimationFrame(() => showState(root));
  });
}

// --- Beginning: when the page is there, when a record is brought, when a browser restores what was marked.

function begin() {
  for (const root of canSegment ? document.querySelectorAll("[data-spans]") : []) {
    const plain = root.querySelector("[data-spans-plain]");
    plain.hidden = true;
    if (!textOf(root)) continue; // nothing to mark, which the plain form says
    plain.disabled = true;
    if (!states.has(root)) start(root);
    refresh(root);
  }
}

for (const name of ["htmx:afterSwap", "workspace:shown"]) document.addEventListener(name, begin);
document.addEventListener("reset", () => setTimeout(begin));
for (const name of ["pageshow", "resize"]) addEventListener(name, begin);
document.addEventListener("change", () => requestAnimationFrame(begin)); // another answer may show or hide this question
begin();
