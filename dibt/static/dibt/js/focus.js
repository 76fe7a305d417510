// What went wrong with a form is where the reader should be: [data-focus] is focused when it appears.
document.querySelector("[data-focus]")?.focus();
document.addEventListener("htmx:load", (event) => {
  const target = event.target;
  (target.matches?.("[data-focus]") ? target : target.querySelector?.("[data-focus]"))?.focus();
});
