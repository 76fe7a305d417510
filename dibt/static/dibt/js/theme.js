// The theme switch: each press goes on from what the system says to light, to dark, and back.
const ORDER = ["system", "light", "dark"];
const root = document.documentElement;

function current() {
  return root.dataset.theme ?? "system";
}

function show(button) {
  for (const face of button.querySelectorAll("[data-theme-face]")) face.hidden = face.dataset.themeFace !== current();
}

function apply(theme) {
  if (theme === "system") {
    delete root.dataset.theme;
    localStorage.removeItem("theme");
  } else {
    root.dataset.theme = theme;
    localStorage.setItem("theme", theme);
  }
}

for (const button of document.querySelectorAll("[data-theme-switch]")) {
  button.hidden = false;
  show(button);
  button.addEventListener("click", () => {
    apply(ORDER[(ORDER.indexOf(current()) + 1) % ORDER.length]);
    document.querySelectorAll("[data-theme-switch]").forEach(show);
  });
}
