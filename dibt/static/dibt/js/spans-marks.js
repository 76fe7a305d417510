// The marks of a text [data-spans]: which there are, how they change, and showing them. The input [data-spans-value]
// keeps them and is what is sent. It begins with what was suggested; once the person changes anything, all is theirs.
import * as page from "./spans-show.js";
import { MarkedText } from "./spans-text.js";

const MOST = 500; // marks, as the site takes them
const LONGEST = 80; // letters of a passage that are said and listed

// What is going on in each: the text, the label in use, what is selected and may be marked next (`pending`), the mark
// that is chosen (`current`), and where the keys are.
export const states = new WeakMap();

export const textOf = (root) => root.querySelector("[data-spans-text]");
const valueOf = (root) => root.querySelector("[data-spans-value]");
const labelButtons = (root) => [...root.querySelectorAll("[data-spans-label]")];
const labels = (root) => labelButtons(root).map((button) => button.dataset.spansLabel);
export const same = (one, other) => one.start === other.start && one.end === other.end && one.label === other.label;
const standing = (root) => `${root.closest("[data-begun]") ? "suggested" : ""}${valueOf(root).value}`;
const overlap = (one, other) => one.start < other.end && other.start < one.end;
const inOrder = (one, other) => one.start - other.start || one.end - other.end || (one.label < other.label ? -1 : 1);

function nameOf(root, value) {
  const button = labelButtons(root).find((each) => each.dataset.spansLabel === value);
  return button.querySelector("[data-spans-name]").textContent;
}

export function shortened(words) {
  const letters = [...words.replace(/\s+/g, " ")];
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST).join("")}…` : letters.join("");
}

// Marks as JSON, in points; what does not fit this text or task is left out.
function parsed(root, json) {
  const { marked } = states.get(root);
  const known = labels(root);
  let marks = [];
  try {
    marks = JSON.parse(json || "[]");
  } catch {
    return [];
  }
  return (Array.isArray(marks) ? marks : [])
    .filter((mark) => marked.toPlaces(mark) && known.includes(mark.label))
    .map(({ start, end, label }) => ({ start, end, label }));
}

const chosen = (root) => parsed(root, valueOf(root).value);

function conflicts(root, mark, marks) {
  return root.hasAttribute("data-overlapping") ? [] : marks.filter((other) => overlap(mark, other));
}

// What was suggested, is not among the marks and could be.
export function offered(root) {
  const marks = chosen(root);
  return parsed(root, valueOf(root).dataset.suggested).filter(
    (mark) => !marks.some((other) => same(mark, other)) && !conflicts(root, mark, marks).length,
  );
}

// All that is drawn and listed, in places, and by `index`.
export function entries(root) {
  const { marked } = states.get(root);
  const marks = [...chosen(root), ...offered(root).map((mark) => ({ ...mark, suggested: true }))].sort(inOrder);
  return marks.map((mark, index) => {
    const places = marked.toPlaces(mark);
    const words = shortened(marked.slice(places));
    const [name, hue] = [nameOf(root, mark.label), page.hue(labels(root), mark.label)];
    return { ...mark, ...places, mark, words, index, name, hue };
  });
}

// --- Showing

export function show(root) {
  const state = states.get(root);
  const all = entries(root);
  state.drawn = standing(root);
  page.draw(textOf(root), state.marked, all);
  page.list(root, all);
  const [nothing, count] = [root.querySelector("[data-spans-nothing]"), all.filter((mark) => !mark.suggested).length];
  nothing.checked = valueOf(root).value === "[]";
  nothing.disabled = count > 0;
  root.toggleAttribute("data-answered", valueOf(root).value !== "");
  root.querySelector("[data-spans-offer]")?.toggleAttribute("hidden", count === all.length);
  root.querySelector("[data-spans-empty-offer]")?.toggleAttribute("hidden", count < 2 || !root.closest("[data-begun]"));
  if (state.pending) page.select(textOf(root), state.pending);
  showState(root);
}

// What changes without a change of the marks: the text is not drawn anew, or a finger would lose its selection.
export function showState(root) {
  const state = states.get(root);
  const current = entries(root).find((entry) => state.current && same(entry.mark, state.current));
  const about = state.pending ? shortened(state.marked.slice(state.pending)) : current?.words;
  for (const part of root.querySelectorAll("[data-spans-words], [data-spans-clear]")) part.hidden = !about;
  root.querySelector("[data-spans-how]").hidden = Boolean(about);
  root.querySelector("[data-spans-words]").textContent = about ?? "";
  root.querySelector("[data-spans-mark]").hidden = !state.pending;
  root.querySelector("[data-spans-remove]").hidden = Boolean(state.pending) || !current;
  page.highlight(root, current?.index);
  for (const button of labelButtons(root)) {
    button.setAttribute("aria-pressed", String(button.dataset.spansLabel === state.label));
  }
  const keys = state.keys && document.activeElement === textOf(root);
  const box = keys && page.caretBox(textOf(root), state.marked, state.caret);
  page.placeCaret(root.querySelector("[data-spans-caret]"), box);
}

export function say(root, words, to = "[data-spans-said]") {
  const status = root.querySelector(to);
  status.textContent = status.textContent === words ? `${words}\u00a0` : words; // the same again is news, too
}

// --- Changing

export function put(root, marks, json = marks.length ? JSON.stringify(marks.toSorted(inOrder)) : "") {
  valueOf(root).value = json;
  root.closest("[data-begun]")?.removeAttribute("data-begun");
  show(root);
  valueOf(root).dispatchEvent(new Event("change", { bubbles: true }));
}

// What was said before is over then, and stands in the way of what is selected.
export function pend(root, part, { redraw = true } = {}) {
  const state = states.get(root);
  root.querySelector("[data-spans-said]").textContent = "";
  Object.assign(state, { pending: part, current: null });
  if (redraw) page.select(textOf(root), part);
  showState(root);
}

export function mark(root, part, label) {
  const state = states.get(root);
  const added = { ...state.marked.toPoints(part), label };
  const words = shortened(state.marked.slice(part));
  // The same words with another label are relabelled.
  const replaced = (other) => other.start === added.start && other.end === added.end;
  const over = root.hasAttribute("data-overlapping");
  const before = chosen(root).filter((other) => (over ? !same(other, added) : !replaced(other)));
  if (conflicts(root, added, before).length) return say(root, page.sentence(root, "Overlap", { words }));
  if (before.length >= MOST) return say(root, page.sentence(root, "Full", { count: MOST }));
  Object.assign(state, { pending: null, current: null, caret: part.end, anchor: part.end });
  page.select(textOf(root), null);
  put(root, [...before, added]);
  return say(root, page.sentence(root, "Marked", { words, label: nameOf(root, label) }));
}

export function remove(root, gone) {
  const state = states.get(root);
  const words = shortened(state.marked.slice(state.marked.toPlaces(gone)));
  state.current = null;
  put(root, chosen(root).filter((other) => !same(other, gone)));
  say(root, page.sentence(root, "Removed", { words }));
}

export function empty(root) {
  states.get(root).current = null;
  put(root, []);
  say(root, page.sentence(root, "Emptied"));
}

export function take(root, wanted) {
  const marks = chosen(root);
  for (const added of wanted) {
    if (marks.length < MOST && !conflicts(root, added, marks).length) marks.push(added);
  }
  const count = marks.length - chosen(root).length;
  put(root, marks);
  say(root, page.sentence(root, "Taken", { count }));
}

// What is selected in a form and would be left out if it were sent now; of questions that are not asked, nothing is.
export const unmarked = (form) =>
  [...form.querySelectorAll("[data-spans]")].find(
    (root) => states.get(root)?.pending && !root.closest("[data-question]")?.hidden,
  );

export function sayUnmarked(root) {
  const { marked, pending } = states.get(root);
  textOf(root).focus({ preventScroll: true });
  say(root, page.sentence(root, "Unmarked", { words: shortened(marked.slice(pending)) }));
  root.querySelector("[data-spans-said]").scrollIntoView({ block: "nearest" });
}

// A label marks what is selected, else the mark that is chosen gets it, else it is for what comes next.
export function useLabel(root, label) {
  const state = states.get(root);
  state.label = label;
  if (state.pending) mark(root, state.pending, label);
  else if (state.current) {
    const part = state.marked.toPlaces(state.current);
    const rest = chosen(root).filter((other) => !same(other, state.current));
    valueOf(root).value = rest.length ? JSON.stringify(rest) : "";
    mark(root, part, label);
  } else {
    showState(root);
    say(root, page.sentence(root, "Label", { label: nameOf(root, label) }));
  }
}

// --- Beginning

export const stateRoot = (target) => {
  const root = target?.closest?.("[data-spans]");
  return root && states.has(root) ? root : null;
};

const AS_TEXT_BOX = { tabindex: "0", role: "textbox", "aria-readonly": "true", "aria-multiline": "true" };

export function start(root) {
  const text = textOf(root);
  if (text.dataset.exact) text.textContent = JSON.parse(text.dataset.exact);
  for (const [name, value] of Object.entries(AS_TEXT_BOX)) text.setAttribute(name, value);
  const marked = new MarkedText(text.textContent, text.closest("[lang]").lang);
  const nowhere = { pending: null, current: null, caret: 0, anchor: 0, keys: false };
  states.set(root, { marked, label: labels(root)[0], ...nowhere });
  for (const button of labelButtons(root)) button.dataset.hue = page.hue(labels(root), button.dataset.spansLabel);
  root.querySelector("[data-spans-palette]").hidden = false;
  root.querySelector("[data-spans-board]").hidden = false;
}

// Again only where something else has changed the marks: a drawn text has lost what was being selected in it.
export function refresh(root) {
  root.toggleAttribute("data-long", textOf(root).offsetHeight > innerHeight / 2);
  if (states.get(root).drawn !== standing(root)) show(root);
}
