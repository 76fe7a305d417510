// An answer as a form holds it: a list of [name, value], as it is sent.
const OURS = new Set(["csrfmiddlewaretoken", "record"]);
const OF_PAGE = new Set([...OURS, "schema", "guidelines"]); // says what the form shows, and not what is answered
const ANSWER = "answer.";
const lang = document.documentElement.lang || undefined;

export const given = (form) => [...new FormData(form)].filter(([name]) => !OURS.has(name));

// What is worth keeping while it is not finished.
export const typed = (form) => given(form).filter(([name, value]) => name.startsWith(ANSWER) && value !== "");

const isChoice = (control) => control.type === "radio" || control.type === "checkbox";

// The questions that are asked now: of others nothing is known.
export const asked = (form) =>
  [...form.querySelectorAll("[data-question]:not([hidden])")].map((question) => question.dataset.question);

// What there is of an answer that is not given.
export const begun = (form) => ({ typed: typed(form), asked: asked(form) });

// Several controls of one name (the places of a ranking) take one value each, in their order. Questions that were not
// `asked` stay as they are.
export function fill(form, pairs, questions) {
  const known = (control) => !questions || questions.includes(control.closest("[data-question]")?.dataset.question);
  const left = new Map();
  for (const [name, value] of pairs) left.set(name, [...(left.get(name) ?? []), value]);
  for (const control of form.elements) {
    const values = left.get(control.name) ?? [];
    if (OF_PAGE.has(control.name) || !(control.name.startsWith(ANSWER) || values.length)) continue;
    if (control.name.startsWith(ANSWER) && !known(control)) continue;
    if (isChoice(control)) control.checked = values.includes(control.value);
    else control.value = values.shift() ?? "";
  }
}

const answered = (question) =>
  [...question.querySelectorAll("input, select, textarea")].some((control) => {
    if (!control.name) return false;
    return isChoice(control) ? control.checked : control.value.trim() !== "";
  });

const whole = (question) => [...question.querySelectorAll("[data-ranking] select")].every((place) => place.value);

// What is said of a ranking that was begun.
function half(question) {
  const ranking = question.querySelector("[data-ranking]");
  const places = ranking ? [...ranking.querySelectorAll("select")] : [];
  const count = places.filter((place) => place.value).length;
  const said = { count: count.toLocaleString(lang), all: places.length.toLocaleString(lang) };
  return count ? ranking.dataset.saidHalf.replace(/{(\w+)}/g, (_all, name) => said[name]) : "";
}

// The first question that still needs an answer, of those that are asked.
export function open(form) {
  return [...form.querySelectorAll("[data-question][data-needed]:not([hidden])")].find(
    (question) => !answered(question) || !whole(question),
  );
}

// What one goes on with: a text to mark, else the first control that is there. A ranking is focused as a whole: on one
// of its options Enter would press that, and not submit.
function wayOn(question) {
  const ranking = question.querySelector("[data-ranking]");
  if (ranking) return Object.assign(question, { tabIndex: -1 });
  const controls = [...question.querySelectorAll("[data-spans-text][tabindex], input, textarea, button")];
  return controls.find((control) => !control.disabled && control.getClientRects().length);
}

// Say at a question what it needs, where the server would say it; what was said before goes.
export function mark(form, question) {
  for (const old of form.querySelectorAll("[data-said-open]")) old.remove();
  if (!question) return;
  const list = document.createElement("ul");
  const line = document.createElement("li");
  line.textContent = half(question) || question.dataset.needed;
  list.className = "field__errors";
  list.setAttribute("role", "alert");
  list.dataset.saidOpen = "";
  list.append(line);
  question.querySelector(":scope > div").before(list);
  wayOn(question)?.focus({ preventScroll: true });
  list.scrollIntoView({ block: "nearest" });
}

// Once something is answered it is not true any more. Its place stays, or what is pressed next would move away.
for (const name of ["input", "change"]) {
  document.addEventListener(name, ({ target }) => {
    const question = target.closest?.("[data-question]");
    const said = question?.querySelector("[data-said-open]");
    if (said && answered(question)) said.dataset.over = "";
  });
}
