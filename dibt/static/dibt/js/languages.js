// [data-languages="url"] holds a line for each language. As the last line is filled another appears; while one
// types, the list of suggestions is asked for at the url. Without script there are two spare lines and a shorter list.
const PAUSE = 200;

function grow(box) {
  const lines = box.querySelectorAll("[data-language-line]");
  const last = lines[lines.length - 1];
  if (!last.querySelector("input").value) return;
  const next = last.cloneNode(true);
  next.querySelector("[data-language-name]")?.remove();
  const input = next.querySelector("input");
  input.value = "";
  input.removeAttribute("id");
  input.setAttribute("aria-label", input.getAttribute("aria-label").replace(/[0-9]+/, lines.length + 1));
  last.after(next);
}

async function suggest(box, input) {
  const answer = await fetch(`${box.dataset.languages}?q=${encodeURIComponent(input.value)}`);
  if (answer.ok && document.activeElement === input) box.querySelector("datalist").innerHTML = await answer.text();
}

for (const box of document.querySelectorAll("[data-languages]")) {
  let waiting;
  box.addEventListener("input", (event) => {
    event.target.closest("[data-language-line]").querySelector("[data-language-name]")?.remove();
    grow(box);
    clearTimeout(waiting);
    if (event.target.value.trim()) waiting = setTimeout(() => suggest(box, event.target), PAUSE);
  });
  // Enter goes on to the next line instead of sending the whole form.
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    event.target.closest("[data-language-line]").nextElementSibling?.querySelector("input")?.focus();
  });
}
