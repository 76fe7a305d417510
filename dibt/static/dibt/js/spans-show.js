// How marks look: in the text, each with its label and its own line below the words, so that marks upon marks can be
// told apart; and in the list below it.
import { placeOf, rangeOf } from "./spans-text.js";

const HUES = 8; // as many as tokens.css has
export const hue = (labels, value) => String((labels.indexOf(value) % HUES) + 1);

// Each mark with the highest line that is free along it.
function inLanes(marks) {
  const ends = [];
  return [...marks]
    .sort((one, other) => one.start - other.start || other.end - one.end)
    .map((mark) => {
      const free = ends.findIndex((end) => end <= mark.start);
      const lane = free < 0 ? ends.length : free;
      ends[lane] = mark.end;
      return { ...mark, lane };
    });
}

function element(mark, { from, to }) {
  const drawn = document.createElement("mark");
  drawn.className = "spans__mark";
  drawn.dataset.hue = mark.hue;
  drawn.dataset.lane = String(Math.min(mark.lane, 4));
  drawn.dataset.index = mark.index;
  if (mark.suggested) drawn.dataset.suggested = "";
  if (mark.start === from) drawn.dataset.first = "";
  if (mark.end === to) drawn.dataset.name = mark.name;
  return drawn;
}

// `marks`: {start, end, hue, name, suggested, index} in places of the text; `index` is how a page calls them.
export function draw(text, marked, marks) {
  const laid = inLanes(marks);
  const cuts = [...new Set([0, marked.length, ...laid.flatMap((mark) => [mark.start, mark.end])])];
  cuts.sort((one, other) => one - other);
  const pieces = cuts.slice(1).map((to, index) => {
    const from = cuts[index];
    const around = laid.filter((mark) => mark.start <= from && to <= mark.end);
    return around
      .sort((one, other) => other.lane - one.lane)
      .reduceRight(
        (inner, mark) => {
          const outer = element(mark, { from, to });
          outer.append(inner);
          return outer;
        },
        document.createTextNode(marked.text.slice(from, to)),
      );
  });
  text.replaceChildren(...pieces);
}

export function highlight(root, index) {
  for (const drawn of root.querySelectorAll("[data-index]")) {
    drawn.toggleAttribute("data-current-mark", drawn.dataset.index === String(index));
  }
}

// The browser's own selection shows what would be marked.
export function select(text, part) {
  const selection = getSelection();
  if (part) {
    const range = rangeOf(text, part);
    selection.setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
  } else if (selection.rangeCount && text.contains(selection.anchorNode)) selection.removeAllRanges();
}

// What is selected of the text, in places; null where it is nothing of it.
export function selected(text) {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  if (!text.contains(selection.anchorNode) && !text.contains(selection.focusNode)) return null;
  const range = selection.getRangeAt(0);
  const start = placeOf(text, range.startContainer, range.startOffset);
  const end = placeOf(text, range.endContainer, range.endOffset);
  return start < end ? { start, end } : null;
}

// A line before the letter at this place; true size and place are only known to the browser.
export function caretBox(text, marked, place) {
  const atEnd = place >= marked.length;
  const letter = atEnd ? marked.step(place, -1) : place;
  const boxes = rangeOf(text, { start: letter, end: marked.step(letter, 1) }).getClientRects();
  const box = atEnd ? boxes[boxes.length - 1] : boxes[0];
  if (!box) return null;
  const rightwards = getComputedStyle(text).direction === "ltr";
  return { x: rightwards === atEnd ? box.right : box.left, top: box.top, height: box.height };
}

export function placeCaret(caret, box) {
  caret.hidden = !box;
  if (!box) return;
  const around = caret.parentElement.getBoundingClientRect();
  caret.style.left = `${box.x - around.left}px`;
  caret.style.top = `${box.top - around.top}px`;
  caret.style.height = `${box.height}px`;
}

const filled = (words, said) => words.replace(/{(\w+)}/g, (_all, name) => said[name]);
// What is said of a text may run the other way than the sentence: it is held apart.
const apart = (words) => `\u2068${words}\u2069`;

export function sentence(root, name, said = {}) {
  const entries = Object.entries(said).map(([key, words]) => [key, apart(words)]);
  return filled(root.dataset[`said${name}`], Object.fromEntries(entries));
}

// The list; `marks` as for `draw`, each with its words.
export function list(root, marks) {
  const row = root.querySelector("[data-spans-row]").content.firstElementChild;
  const text = root.querySelector("[data-spans-text]");
  const begun = root.closest("[data-begun]") !== null;
  const lines = marks.map((mark) => {
    const line = row.cloneNode(true);
    line.dataset.hue = mark.hue;
    line.dataset.index = mark.index;
    line.querySelector(".spans__chip").textContent = mark.name;
    const words = line.querySelector(".spans__words");
    words.textContent = mark.words;
    if (text.lang) words.lang = text.lang;
    line.querySelector("[data-spans-is-suggested]").hidden = !begun && !mark.suggested;
    for (const button of line.querySelectorAll("button")) {
      button.setAttribute("aria-label", filled(button.dataset.name, { words: mark.words, label: mark.name }));
      button.hidden = button.matches("[data-spans-take]") !== Boolean(mark.suggested);
    }
    return line;
  });
  root.querySelector("[data-spans-list]").replaceChildren(...lines);
}
