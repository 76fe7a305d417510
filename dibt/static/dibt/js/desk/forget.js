// What is begun and deleted on the site goes from this browser too, or the workspace would fill it in again.
import { usable, write } from "./store.js";

const { account } = document.body.dataset;

document.addEventListener("submit", async (event) => {
  const { forget, project } = event.target.dataset;
  if (!account || !forget || !(await usable())) return;
  write("drafts", ({ drafts }) => drafts.delete([account, project, Number(forget)]));
});
