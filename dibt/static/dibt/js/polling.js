// What a page asks for by itself, time and again, waits for a network; what a person asks for is tried all the same.
document.addEventListener("htmx:beforeRequest", (event) => {
  const isPoll = event.target.getAttribute("hx-trigger")?.startsWith("every ");
  if (isPoll && !navigator.onLine) event.preventDefault();
});
