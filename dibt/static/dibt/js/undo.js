// Z opens the answer that was just saved, as the link beside “Saved.” does.
import { modified, typing } from "./keys.js";

document.addEventListener("keydown", (event) => {
  const link = document.querySelector("[data-undo]");
  if (!link || event.key.toLowerCase() !== "z" || modified(event) || typing(event.target)) return;
  if (document.querySelector("dialog[open], :popover-open, .htmx-request")) return;
  event.preventDefault();
  link.click();
});
