// Messages with a [data-dismiss] button can be put away. The button is hidden where no script runs.
function reveal(within) {
  for (const button of within.querySelectorAll("[data-dismiss][hidden]")) button.hidden = false;
}

// The focus would go with the button: it goes on where the page, or the work on it, begins.
function putAway(message) {
  const focused = message.contains(document.activeElement);
  message.remove();
  const next = document.querySelector(".workspace__record") ?? document.getElementById("main");
  if (focused) next?.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const message = event.target.closest?.("[data-dismiss]")?.closest(".message");
  if (message) putAway(message);
});
document.addEventListener("htmx:load", (event) => reveal(event.target));
reveal(document);
