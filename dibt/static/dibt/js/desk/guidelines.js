// The guidelines that the page shows, by their number. An answer says which ones its author had before them; a page with
// older ones is told what changed, which stays until it has been answered under the new ones.
const NAME = "guidelines";
const text = () => document.getElementById("guidelines");
const news = () => document.getElementById("guidelines-changed");
let unread = false;

// 0 where there are none, or the page does not know.
export const number = () => Number(text()?.dataset.number ?? 0);

const of = (pairs) => pairs.find(([name]) => name === NAME)?.[1];

// What is sent, with the number.
export const named = (pairs) => (of(pairs) || !number() ? pairs : [...pairs, [NAME, String(number())]]);

// Records are kept for longer than guidelines hold: they are answered under those beside them.
export function stamp(form) {
  if (!form || !number()) return;
  const input = form.elements[NAME] ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name: NAME }));
  input.value = number();
}

export function put({ number, html }) {
  text().innerHTML = html;
  if (number) text().dataset.number = number;
}

// As the site tells of them; whether they are others than the page has shown until now.
export function renew(told) {
  if (!number() || !(told?.number > number())) return false;
  put(told);
  news().innerHTML = told.changes;
  news().dispatchEvent(new CustomEvent("htmx:load", { bubbles: true })); // wakes its buttons, as in what htmx brings
  unread = told.changes !== "";
  return true;
}

// What changed, if it has not been on the screen; once.
export function toRead() {
  const there = unread;
  unread = false;
  return there ? news() : null;
}

export function settle({ kind, form }) {
  if (kind === "answer" && Number(of(form) ?? number()) >= number()) news()?.replaceChildren();
}
