// `?` shows the keys of the page: every <kbd> on it, beside what its button says; where a button's own words say too
// little, it has better ones in data-key-help. Digits are one line for all questions, for they mean one at a time.
import { modified, typing } from "./keys.js";

const dialog = document.getElementById("keys");

// What the keys of one line do, as an element to read it from.
function subject(kbd) {
  return kbd.closest("[data-key-help]") ?? kbd.closest("button, a");
}

function said(host) {
  if (host.dataset.keyHelp) return host.dataset.keyHelp;
  return (host.querySelector(":scope > span:not(.text-soft)") ?? host).textContent.trim();
}

// The questions that have digits, as far as they are asked, each with better words for its digits, if it has any.
function questions() {
  const asked = [...document.querySelectorAll("main [data-question]:not([hidden])")];
  const withDigits = asked.filter((one) => one.querySelector("[data-key]"));
  return withDigits.map((one) => [one, one.querySelector("[data-key]").closest("[data-key-help]")?.dataset.keyHelp]);
}

// As "1 – 9"; 0 stands for the tenth.
function range(all) {
  const digits = all.flatMap(([question]) => [...question.querySelectorAll("[data-key]")].map(({ dataset }) => dataset.key));
  const inOrder = [...new Set(digits)].sort((one, other) => (Number(one) || 10) - (Number(other) || 10));
  return inOrder.length > 2 ? `${inOrder[0]} – ${inOrder.at(-1)}` : inOrder.join(" ");
}

function digitLines() {
  const all = questions();
  if (!all.length) return [];
  const [[first, words]] = all;
  if (all.length === 1) return [[[range(all)], words ?? first.querySelector("legend").firstChild.textContent.trim()]];
  const others = new Set(all.map(([, help]) => help).filter(Boolean));
  return [[[range(all)], dialog.dataset.digits], ...[...others].map((help) => [[], help])];
}

// Each other subject with its keys, in the order of the page.
function lines() {
  const found = new Map();
  for (const kbd of document.querySelectorAll("main kbd")) {
    if (dialog.contains(kbd) || kbd.closest("[hidden], [data-key]") || kbd.closest("label")) continue;
    const words = subject(kbd) && said(subject(kbd));
    if (words) found.set(words, [...new Set([...(found.get(words) ?? []), kbd.textContent])]);
  }
  return [...digitLines(), ...[...found].map(([words, keys]) => [keys, words])];
}

function line([keys, said]) {
  const term = document.createElement("dt");
  term.append(...keys.flatMap((key) => [Object.assign(document.createElement("kbd"), { textContent: key }), " "]));
  const words = Object.assign(document.createElement("dd"), { textContent: said, dir: "auto" });
  return [term, words];
}

function show() {
  dialog.querySelector("dl").replaceChildren(...lines().flatMap(line));
  dialog.querySelector("[data-while-typing]").hidden = !document.querySelector("main textarea");
  dialog.showModal();
  dialog.scrollTop = 0;
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
