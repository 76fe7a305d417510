// Messages with a [data-dismiss] button can be put away. The button is hidden where no script runs.
function reveal(within) {
  for (const button of within.querySelectorAll("[data-dismiss][hidden]")) button.hidden = false;
}

document.addEventListener("click", (event) => {
  event.target.closest?.("[data-dismiss]")?.closest(".message")?.remove();
});
document.addEventListener("htmx:load", (event) => reveal(event.target));
reveal(document);
