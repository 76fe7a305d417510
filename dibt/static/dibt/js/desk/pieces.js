// Pieces of the page: fragments as elements, their protection against forgery, and where the focus goes in them.
import { token } from "./outbox.js";

export function element(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

// The form that came with the page, without what protects it: kept for a day, that would not fit any more.
function unprotected(node) {
  const copy = node.cloneNode(true);
  for (const input of copy.querySelectorAll("[name=csrfmiddlewaretoken]")) input.remove();
  return copy.outerHTML;
}

// A form that came as a fragment has no protection against forgery of its own.
export function protect(form) {
  const input = Object.assign(document.createElement("input"), { type: "hidden", name: "csrfmiddlewaretoken" });
  input.value = token();
  form.querySelector("[name=csrfmiddlewaretoken]")?.remove();
  form.append(input);
}

// The records that a page came with: the one on it, and those that lie ready.
export function brought(root, work) {
  const here = Number(work.dataset.record);
  const current = here ? [{ record: here, html: unprotected(work), until: Number(root.dataset.until) }] : [];
  const ready = [...root.querySelectorAll("template[data-ready]")].map((each) => ({
    record: Number(each.dataset.ready),
    html: each.innerHTML,
    until: Number(each.dataset.until),
  }));
  return [...current, ...ready];
}

export function problem(sentence) {
  const panel = document.querySelector("template[data-panel=problem]").content.firstElementChild.cloneNode(true);
  panel.querySelector("[data-sentence]").textContent = sentence;
  return panel.outerHTML;
}

// Reading goes on where something new has come up: at the record, at the text that is to be marked, or at what is said
// where there is none. Only where the focus went with what was there before.
export function focusStart(place) {
  if (document.activeElement && document.activeElement !== document.body) return;
  const start = place.querySelector(".workspace__record, [data-spans-text], h2");
  if (start && !start.hasAttribute("tabindex")) start.tabIndex = -1;
  start?.focus({ preventScroll: true });
}
