// An answer that somebody goes on with on a page of its own: what is typed is kept as at a desk.
import * as drafts from "./drafts.js";
import { usable } from "./store.js";

const form = document.querySelector("form[data-project]");
const { account } = document.body.dataset;

async function restore(project, record) {
  if (await usable()) await drafts.restore({ account, project }, record, form);
}

function begin() {
  const { project } = form.dataset;
  const record = Number(form.elements.record.value);
  drafts.follow({ account, project, told: ({ draft, newer }) => newer && draft.record === record && drafts.show(form, newer) });
  form.addEventListener("submit", () => {
    drafts.stop();
    // That it was taken is known once another page is there: see account.js.
    sessionStorage.setItem("begun", JSON.stringify({ where: [account, project, record], page: location.pathname }));
  });
  restore(project, record);
}

if (form && account) begin();
