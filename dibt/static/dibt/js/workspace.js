// Keys of the workspace: digits choose, Enter submits, S skips, D discards, F flags. Where one choice is the whole
// answer ([data-one-key]), its digit submits as well. Everything they do, a button does too. While one types, Enter
// submits with Ctrl or Cmd.
import "./undo.js";
import { modified, submits, typing } from "./keys.js";

const ECHO = 700; // ms in which Enter after such a digit is habit, and not meant for the record that came up
const UNSEEN = 250; // ms in which nobody has read the record that such a digit brought
const RHYTHM = 300; // ms between two digits of somebody who answers three a second, and means each

let answeredAt = -ECHO;
let digitAt = -ECHO; // when the digit was pressed that answered last
let digitOf = null; // and the form that it answered
let shownAt = -ECHO; // when the record came up that is on the screen
let shownOf = null; // and its form
let changedAt = -ECHO; // when the record on the screen changed without the person's doing

const work = () => document.querySelector("form[data-workspace]");

// The question whose options a digit means: the one with the focus, else the first without an answer.
function currentQuestion(form) {
  const shown = [...form.querySelectorAll("[data-question]:not([hidden])")];
  const questions = shown.filter((one) => one.querySelector("[data-key]"));
  return (
    questions.find((one) => one.contains(document.activeElement)) ||
    questions.find((one) => !one.querySelector("input:checked, [data-ranking][data-whole], [data-answered]")) ||
    questions[0]
  );
}

// Only the question that a digit means shows its keys.
function mark() {
  const form = work();
  if (!form) return;
  const current = currentQuestion(form);
  for (const one of form.querySelectorAll("[data-question]")) one.toggleAttribute("data-current", one === current);
}

function choose(form, key, pressedAt) {
  const input = currentQuestion(form)?.querySelector(`[data-key="${key}"]`);
  if (!input) return false;
  if (input.matches("button")) {
    input.click(); // without the focus, so that Enter still submits
    return true;
  }
  input.checked = input.type === "checkbox" ? !input.checked : true;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  input.focus();
  if ("oneKey" in form.dataset && form.checkValidity()) {
    answeredAt = performance.now();
    [digitAt, digitOf] = [pressedAt, form];
    form.requestSubmit();
  }
  return true;
}

// Where Enter presses something; not a ranking that is whole, of which Space still takes an option out.
const pressed = (target) => target.closest("a, button, summary") && !target.closest("[data-whole] [data-ranking-toggle]");

// A digit that is pressed twice by accident: the second one is for nobody's eyes yet, or would change what was given.
function isEcho(form, pressedAt) {
  if (!("oneKey" in form.dataset) || pressedAt - digitAt >= RHYTHM) return false;
  return form === digitOf || form !== shownOf || pressedAt - shownAt < UNSEEN;
}

function act(form, event) {
  if (/^[0-9]$/.test(event.key)) return isEcho(form, event.timeStamp) || choose(form, event.key, event.timeStamp);
  if (event.key === "Enter" && !pressed(event.target)) {
    if (performance.now() - answeredAt > ECHO) form.requestSubmit();
    return true;
  }
  if (event.key.toLowerCase() === "s") {
    document.getElementById("skip-form")?.requestSubmit();
    return true;
  }
  if (event.key.toLowerCase() === "d") {
    document.getElementById("discard-form")?.requestSubmit();
    return true;
  }
  if (event.key.toLowerCase() === "f") {
    document.getElementById("flag")?.showPopover();
    return true;
  }
  return false;
}

// An answer is on its way: what is typed now would change it, or answer the same record twice.
function waiting(form) {
  return form.parentElement.querySelector(".htmx-request") ?? form.closest("[aria-busy=true]");
}

document.addEventListener("keydown", (event) => {
  const form = work();
  const whileTyping = submits(event);
  if (!form || waiting(form) || (modified(event) && !whileTyping) || event.repeat) return;
  if (performance.now() - changedAt < ECHO) return;
  if (document.querySelector("dialog[open], .flag:popover-open")) return;
  if (whileTyping) {
    event.preventDefault();
    return void whole.then(() => work() === form && !waiting(form) && form.requestSubmit());
  }
  if (typing(event.target)) return;
  // What a digit means may be a part's to say that is just being fetched; Enter keeps its place behind it.
  if (coming && (/^[0-9]$/.test(event.key) || (event.key === "Enter" && !pressed(event.target)))) {
    event.preventDefault();
    whole.then(() => work() === form && !waiting(form) && act(form, event));
  } else if (act(form, event)) event.preventDefault();
});

for (const name of ["focusin", "focusout", "change", "htmx:afterSettle", "workspace:shown"]) {
  document.addEventListener(name, () => requestAnimationFrame(mark));
}
// The sheet behind “More” makes way for what is opened from it.
document.addEventListener("click", (event) => {
  const more = document.querySelector("#more:popover-open");
  if (!more || !event.target.closest("[popovertarget=flag]")) return;
  event.preventDefault();
  more.hidePopover();
  document.getElementById("flag").showPopover();
});

// A text of one line stays one, also where several were pasted.
document.addEventListener("input", ({ target }) => {
  if (target.matches("textarea[data-line]") && /[\r\n]/.test(target.value)) target.value = target.value.replace(/[\r\n]+/g, " ");
});

document.addEventListener("workspace:shown", () => ([shownAt, shownOf] = [performance.now(), work()]));
document.addEventListener("desk:changes", () => (changedAt = performance.now()));
mark();

// What only some tasks need, or can wait for, is fetched where it is on the page: the first record is ready sooner.
const PARTS = [
  ["[data-show-if]", () => import("./show-if.js")],
  ["[data-ranking]", () => import("./ranking.js")],
  ["[data-spans]", () => import("./spans.js")],
  ["[data-suggestion], [data-begun]", () => import("./suggestion.js")],
  ["[data-image]", () => import("./images.js")],
  ["[data-show-keys], #keys", () => import("./key-help.js")],
  ["[data-goal]", () => import("./goal.js")],
];

let coming = 0; // parts that are not there yet

async function fetchPart(fetch) {
  coming += 1;
  try {
    return await fetch();
  } finally {
    coming -= 1;
  }
}

let whole = Promise.resolve();

function fetchParts() {
  const wanted = PARTS.filter(([selector]) => document.querySelector(selector));
  whole = Promise.allSettled(wanted.map(([, fetch]) => fetchPart(fetch)));
}

for (const name of ["workspace:shown", "htmx:afterSwap"]) document.addEventListener(name, fetchParts);
fetchParts();
