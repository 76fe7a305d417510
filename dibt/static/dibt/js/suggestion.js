// What a question begins with because somebody suggested it is marked until the person does something with it. A
// suggested text ([data-suggestion]) can be taken out of its field and put back, and what was typed is never lost.
const texts = () => document.querySelectorAll("[data-suggestion]");
const areaOf = (suggestion) => suggestion.closest("[data-question]").querySelector("textarea");
const written = new WeakMap(); // what the person wrote themselves, while the suggestion stands in its place

const same = (one, other) => one.replace(/\r\n/g, "\n").trim() === other.replace(/\r\n/g, "\n").trim();

function show(suggestion) {
  const area = areaOf(suggestion);
  const stands = same(area.value, suggestion.dataset.suggestion);
  const mark = suggestion.querySelector("[data-suggestion-mark]");
  const out = suggestion.querySelector("[data-suggestion-out]");
  const into = suggestion.querySelector("[data-suggestion-in]");
  if (stands) suggestion.dataset.stood = "";
  area.parentElement.toggleAttribute("data-suggested", stands);
  if (stands) area.setAttribute("aria-describedby", mark.id);
  else area.removeAttribute("aria-describedby");
  mark.hidden = !stands;
  suggestion.querySelector("[data-suggestion-offer]").hidden = stands;
  out.hidden = !stands;
  into.hidden = stands;
  out.textContent = written.get(area) ? out.dataset.again : out.dataset.first;
  into.textContent = "stood" in suggestion.dataset ? into.dataset.again : into.dataset.first;
}

function put(area, text) {
  area.value = text;
  area.focus();
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const suggestion = event.target.closest("[data-suggestion]");
  if (!suggestion) return;
  const area = areaOf(suggestion);
  if (event.target.closest("[data-suggestion-out]")) {
    put(area, written.get(area) ?? "");
  } else if (event.target.closest("[data-suggestion-in]")) {
    written.set(area, area.value.trim() ? area.value : "");
    put(area, suggestion.dataset.suggestion);
  }
});

document.addEventListener("input", (event) => {
  const suggestion = event.target.closest("[data-question]")?.querySelector("[data-suggestion]");
  if (suggestion) show(suggestion);
});

// A choice that stands as suggested looks like one's own once one has made it, also by choosing the same.
function touched(event) {
  event.target.closest?.("[data-begun]")?.removeAttribute("data-begun");
}
document.addEventListener("change", touched);
document.addEventListener("click", (event) => event.target.matches("input") && touched(event));

function begin() {
  for (const suggestion of texts()) show(suggestion);
}
document.addEventListener("reset", () => setTimeout(begin)); // the controls are reset after the event
document.addEventListener("htmx:afterSwap", begin);
document.addEventListener("workspace:shown", begin);
addEventListener("pageshow", begin);
begin();
