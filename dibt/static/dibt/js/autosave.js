// A form that saves itself while one types ([data-autosave], done by htmx). Two things are left to do here:
// sending the form waits for a save under way, which would otherwise make it look stale; and a save that did not
// reach the server is told in the same place as one that did.
for (const form of document.querySelectorAll("[data-autosave]")) {
  const told = document.querySelector(form.getAttribute("hx-target"));
  const fail = () => (told.textContent = form.dataset.autosave);

  form.addEventListener("submit", (event) => {
    if (!form.classList.contains("htmx-request")) return;
    event.preventDefault();
    form.addEventListener("htmx:afterRequest", () => form.requestSubmit(event.submitter), { once: true });
  });
  form.addEventListener("htmx:responseError", fail);
  form.addEventListener("htmx:sendError", fail);
}
