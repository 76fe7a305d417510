// Images of records that lie elsewhere on the web ([data-image]): one that does not load says so, in place of an empty box.
const images = () => document.querySelectorAll("[data-image] img");

function show(image, broken) {
  image.dataset.loaded = broken ? "" : "yes";
  image.hidden = broken;
  image.closest("[data-image]").querySelector("[data-image-broken]").hidden = !broken;
}

// These events do not rise: they are heard on their way down.
for (const name of ["load", "error"]) {
  document.addEventListener(name, (event) => {
    if (event.target.matches?.("[data-image] img")) show(event.target, name === "error");
  }, { capture: true });
}

// What failed before anybody listened.
function begin() {
  for (const image of images()) {
    if (image.complete && image.currentSrc && !image.naturalWidth && !image.dataset.loaded) show(image, true);
  }
}
document.addEventListener("htmx:afterSwap", begin);
document.addEventListener("workspace:shown", begin);
addEventListener("pageshow", begin);
begin();
