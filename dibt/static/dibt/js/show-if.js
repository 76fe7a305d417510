// Questions that are asked only after certain answers to an earlier one ([data-show-if], its name): shown and hidden as
// one answers. Those that are not asked are disabled too, so that nothing of them is sent; what was chosen or typed in
// them is still there when they come back. Without a script all are on the page, each with when it is asked.
const said = Object.assign(document.createElement("p"), { className: "visually-hidden" });
said.setAttribute("role", "status");
document.body.append(said);

const all = (root) => [...root.querySelectorAll("[data-question][data-show-if]")];

function earlier(question) {
  const inside = question.closest("form") ?? document;
  return inside.querySelector(`[data-question="${question.dataset.showIf}"]`);
}

function asked(question) {
  const decides = earlier(question);
  if (!decides || decides.hidden) return false;
  const wanted = JSON.parse(question.dataset.showIfValues);
  return [...decides.querySelectorAll("input:checked")].some((input) => wanted.includes(input.value));
}

// The focus never goes with what is hidden: it returns to the answer that decided.
function keepFocus(question) {
  const decides = earlier(question);
  if (!question.contains(document.activeElement)) return;
  (decides?.querySelector("input:checked") ?? decides?.querySelector("input"))?.focus({ preventScroll: true });
}

// In the order of the page, so that a question which depends on one that is hidden is hidden too.
function apply(root) {
  const changed = [];
  for (const question of all(root)) {
    const hidden = !asked(question);
    question.querySelector("[data-show-if-said]").hidden = true;
    if (hidden && !question.hidden) keepFocus(question);
    if (hidden !== question.hidden) changed.push(question);
    question.hidden = hidden;
    question.disabled = hidden;
  }
  return changed;
}

function tell(questions) {
  said.textContent = questions.map((one) => (one.hidden ? one.dataset.saidHidden : one.dataset.saidShown)).join(" ");
}

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form");
  if (!form || !event.target.closest("[data-question]")) return;
  const changed = apply(form);
  if (changed.length) tell(changed);
});

const begin = () => apply(document);
document.addEventListener("reset", () => setTimeout(begin)); // the controls are reset after the event
document.addEventListener("htmx:afterSwap", begin);
document.addEventListener("workspace:shown", begin);
addEventListener("pageshow", begin);
begin();
