// `?` shows the keys of the page: every <kbd> on it, beside what its button says. The answers of a question are one
// line; where a button's own words say too little, it has better ones in data-key-help.
import { modified, typing } from "./keys.js";

const dialog = document.getElementById("keys");

// What the keys of one line do, as an element to read it from.
function subject(kbd) {
  const host = kbd.closest("[data-key-help]") ?? kbd.closest("label, button, a");
  if (host?.matches("label")) return host.closest("[data-question]")?.querySelector("legend") ?? host;
  return host;
}

function said(host) {
  if (host.dataset.keyHelp) return host.dataset.keyHelp;
  return (host.querySelector(":scope > span:not(.text-soft)") ?? host).textContent.trim();
}

// Each subject with its keys, in the order of the page.
function lines() {
  const found = new Map();
  for (const kbd of document.querySelectorAll("main kbd")) {
    const host = dialog.contains(kbd) ? null : subject(kbd);
    if (host) found.set(host, [...(found.get(host) ?? []), kbd.textContent]);
  }
  return found;
}

function line([host, keys]) {
  const term = document.createElement("dt");
  term.append(...keys.flatMap((key) => [Object.assign(document.createElement("kbd"), { textContent: key }), " "]));
  const words = Object.assign(document.createElement("dd"), { textContent: said(host), dir: "auto" });
  return [term, words];
}

function show() {
  dialog.querySelector("dl").replaceChildren(...[...lines()].flatMap(line));
  dialog.showModal();
}

if (dialog) {
  for (const button of document.querySelectorAll("[data-show-keys]")) {
    button.hidden = false;
    button.addEventListener("click", show);
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "?" || modified(event) || typing(event.target) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    show();
  });
}
