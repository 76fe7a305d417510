// A button with data-confirm="question" asks it in a dialog first; only "yes" lets the click through.
const dialog = document.getElementById("confirm");
let asking = null;

document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest?.("[data-confirm]");
    if (!button || !dialog || button.dataset.confirmed) return;
    event.preventDefault();
    event.stopPropagation();
    asking = button;
    dialog.querySelector("[data-confirm-question]").textContent = button.dataset.confirm;
    dialog.querySelector("[data-confirm-yes]").textContent = (button.querySelector("span") ?? button).textContent.trim();
    dialog.returnValue = "";
    dialog.showModal();
  },
  { capture: true },
);

dialog?.addEventListener("close", () => {
  const button = asking;
  asking = null;
  if (!button || dialog.returnValue !== "yes") return;
  button.dataset.confirmed = "yes";
  button.click();
  delete button.dataset.confirmed;
});
