// How far it is: one's own answers and the project's progress, kept with the desk for the page without network.
import { showOwn } from "./notes.js";
import { waiting } from "./outbox.js";

const line = () => document.getElementById("done");
let progressAt = 0; // when the site told this page how far the project is; never that without network

// How many answers are one's own: those that the site counts, `own` if it has just told, and those on their way to it.
export async function count(desk, own) {
  const mine = (await waiting()).filter((entry) => entry.project === desk.project && entry.kind === "answer");
  if (own !== undefined) line().dataset.ownAnswers = own;
  line().dataset.waiting = mine.length;
  showOwn();
  document.dispatchEvent(new CustomEvent("desk:counted"));
  if (own !== undefined) await keep(desk);
}

async function keep({ account, project }) {
  if (!progressAt) return;
  const { remember } = await import("./take.js");
  const progress = document.querySelector(".workspace__done").innerHTML;
  await remember(account, project, { own: line().dataset.ownAnswers, progress, progressAt });
}

// What the page says when it is opened, and each time that it hears something new.
export function keepProgress(desk) {
  const heard = () => {
    progressAt = Date.now();
    return keep(desk);
  };
  document.addEventListener("htmx:afterSettle", ({ target }) => target.matches(".workspace__done") && heard());
  return heard();
}
