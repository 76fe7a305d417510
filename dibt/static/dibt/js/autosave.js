// A form that saves itself while one types ([data-autosave], done by htmx). Two things are left to do here:
// sending the form waits for a save under way, which would otherwise make it look stale; and a save that did not
// reach the server is told in the same place as one that did.
for (const form of document.querySelectorAll("[data-autosave]")) {
  const told = document.querySelector(form.getAttribute("hx-target"));
  const fail = () => (told.textContent = form.dataset.autosave);

  // What was said of an earlier save is no longer true of what is typed now; the line of this save takes its place.
  const forget = () => document.querySelectorAll("#site-messages .message--good").forEach((note) => note.remove());

  form.addEventListener("input", forget, { once: true });
  form.addEventListener("submit", (event) => {
    if (!form.classList.contains("htmx-request")) return;
    event.preventDefault();
    form.addEventListener("htmx:afterRequest", () => form.requestSubmit(event.submitter), { once: true });
  });
  form.addEventListener("htmx:responseError", fail);
  form.addEventListener("htmx:sendError", fail);
}
