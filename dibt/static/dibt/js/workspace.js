// Keys of the workspace: digits choose, Enter submits, S skips, D discards,
// F flags. Everything they do, a button does too.
import "./goal.js";
import "./key-help.js";
import "./ranking.js";
import "./undo.js";
import { modified, typing } from "./keys.js";

const work = () => document.querySelector("form[data-workspace]");

// The question whose options a digit means: the one with the focus, else the first without an answer.
function currentQuestion(form) {
  const questions = [...form.querySelectorAll("[data-question]")].filter((one) => one.querySelector("[data-key]"));
  return (
    questions.find((one) => one.contains(document.activeElement)) ||
    questions.find((one) => !one.querySelector("input:checked, [data-ranking][data-whole]")) ||
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

function choose(form, key) {
  const input = currentQuestion(form)?.querySelector(`[data-key="${key}"]`);
  if (!input) return false;
  if (input.matches("button")) {
    input.click(); // without the focus, so that Enter still submits
    return true;
  }
  input.checked = input.type === "checkbox" ? !input.checked : true;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  input.focus();
  return true;
}

function act(form, event) {
  if (/^[0-9]$/.test(event.key)) return choose(form, event.key);
  if (event.key === "Enter" && !event.target.closest("a, button, summary")) {
    form.requestSubmit();
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
  return form.parentElement.querySelector(".htmx-request");
}

document.addEventListener("keydown", (event) => {
  const form = work();
  if (!form || waiting(form) || modified(event)) return;
  if (typing(event.target) || document.querySelector("dialog[open], .flag:popover-open")) return;
  if (act(form, event)) event.preventDefault();
});

for (const name of ["focusin", "focusout", "change", "htmx:afterSettle"]) {
  document.addEventListener(name, () => requestAnimationFrame(mark));
}
mark();
