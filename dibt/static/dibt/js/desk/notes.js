// What the page says of answers that wait in this browser: from <template data-note>, each at most once.
const place = () => document.getElementById("desk-notes");
const number = new Intl.NumberFormat(document.documentElement.lang || undefined);

function made(name) {
  const template = document.querySelector(`template[data-note="${name}"]`);
  const note = document.createElement("div");
  note.append(template.content.cloneNode(true));
  note.dataset.shownNote = name;
  return note;
}

// The state of the outbox; nothing is said where all goes well.
export function showState({ state, waiting }) {
  const names = ["offline", "late", "signed-out", "other-person"];
  for (const old of place().querySelectorAll("[data-shown-note]")) {
    if (names.includes(old.dataset.shownNote) && old.dataset.shownNote !== state) old.remove();
  }
  if (!names.includes(state)) return;
  const shown = place().querySelector(`[data-shown-note="${state}"]`) ?? made(state);
  shown.querySelector("[data-some]").hidden = waiting === 0;
  shown.querySelector("[data-count]").textContent = number.format(waiting);
  const here = encodeURIComponent(location.pathname);
  shown.querySelector("[data-sign-in]")?.setAttribute("href", `/sign-in/?next=${here}`);
  shown.querySelector("[data-reload]")?.setAttribute("href", location.pathname);
  if (!shown.isConnected) place().prepend(shown);
}

// An answer that the site will not take: what it says, and to which record it was. It stays until it has been read.
export function showRefused(entry, sentence, whenRead) {
  if (place().querySelector(`[data-entry="${entry.number}"]`)) return;
  const note = made("refused");
  note.dataset.entry = entry.number;
  const said = note.querySelector("[data-sentence]");
  if (sentence && sentence !== "?") said.textContent = sentence;
  note.querySelector("[data-about]").textContent = about(entry.html);
  note.querySelector("[data-let-go]").addEventListener("click", () => {
    note.remove();
    whenRead();
  });
  place().append(note);
}

const about = (html = "") =>
  new DOMParser().parseFromString(html, "text/html").querySelector(".workspace__record")?.textContent.trim() ?? "";

// Says it in the line of what was done; returns its words.
export function said(name) {
  const template = document.querySelector(`template[data-said="${name}"]`);
  const line = document.getElementById("done");
  line.replaceChildren(template.content.cloneNode(true));
  showOwn();
  return line.querySelector("span");
}

// How many answers are one's own: those that the site has told of, and those on their way to it. Nothing where it has
// told of none.
export function showOwn() {
  const line = document.getElementById("done");
  const { ownAnswers, waiting = 0 } = line.dataset;
  for (const own of line.querySelectorAll("[data-own]")) {
    own.hidden = ownAnswers === undefined;
    if (!own.hidden) own.querySelector("strong").textContent = number.format(Number(ownAnswers) + Number(waiting));
  }
}
