// Z opens the answer that was just saved, or takes back what was done with a record instead, as the link or button
// beside what is said of it does. A desk knows first what was given last, also before that is said.
import { modified, typing } from "./keys.js";

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "z" || modified(event) || event.repeat || typing(event.target)) return;
  if (document.querySelector("dialog[open], :popover-open, form.htmx-request")) return;
  const link = document.querySelector("[data-undo]");
  const asked = new CustomEvent("desk:undo", { cancelable: true });
  if (document.dispatchEvent(asked)) link?.click();
  if (link || asked.defaultPrevented) event.preventDefault();
});
