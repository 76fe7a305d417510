// What the page does that needs no network, besides being a desk: it says at which desks there are records to answer,
// and becomes the page that was asked for once there is a network.
import { now } from "./clock.js";
import { put } from "./guidelines.js";
import { said } from "./notes.js";
import { read, within } from "./store.js";

const AGAIN = 5_000; // ms between two looks for the network
const number = new Intl.NumberFormat(document.documentElement.lang || undefined);
const moment = new Intl.DateTimeFormat(document.documentElement.lang || undefined, { dateStyle: "medium", timeStyle: "short" });

export async function listDesks(account) {
  const desks = account ? await read("desks", (store) => store.getAll(within(account))) : [];
  const place = document.querySelector("[data-desks]");
  for (const { project, title } of desks) {
    const kept = await read("records", (store) => store.getAll(within(account, project)));
    const records = kept.filter((one) => one.until >= now()).length;
    if (records && title) place.append(line(project, title, records));
  }
  document.querySelector("[data-no-desks]").hidden = place.children.length > 0;
}

function line(project, title, records) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = `/projects/${project}/annotate/`;
  link.textContent = title;
  link.dir = "auto";
  item.append(link, ` (${number.format(records)})`);
  return item;
}

export function furnish(desk) {
  if (!desk?.title) return;
  document.getElementById("desk-title").textContent = desk.title;
  put({ number: desk.number, html: desk.guidelines });
  document.querySelector(".workspace__guide").hidden = !desk.guidelines;
  if (desk.progress) showProgress(desk);
  if (desk.own !== undefined) showFigures(desk);
}

// As the site last told, with when that was.
function showProgress({ progress, progressAt }) {
  const place = document.querySelector(".workspace__done");
  const asOf = place.querySelector("template").content.firstElementChild.cloneNode(true);
  const time = asOf.querySelector("time");
  time.dateTime = new Date(progressAt).toISOString();
  time.textContent = moment.format(progressAt);
  place.innerHTML = progress;
  place.append(asOf);
  place.hidden = false;
}

// One's own answers, and the goal for today, which goal.js counts by them.
function showFigures({ account, project, own }) {
  document.getElementById("done").dataset.ownAnswers = own;
  said("own");
  const template = document.querySelector("template[data-goal-here]");
  const goal = template.content.firstElementChild.cloneNode(true);
  Object.assign(goal.dataset, { goal: account, project });
  template.replaceWith(goal);
}

let isBusy;
let timer = 0;

// A browser may say too early that there is a network, and it may be the site that was away: so it looks time and
// again. `busy`: whether something would be lost if the page became another one now.
export function lookForNetwork(busy) {
  isBusy = busy;
  addEventListener("online", becomeWhole);
  timer = setTimeout(becomeWhole, AGAIN);
}

export async function becomeWhole() {
  clearTimeout(timer);
  timer = setTimeout(becomeWhole, AGAIN);
  if (!navigator.onLine || document.hidden || (await isBusy())) return;
  const answer = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(AGAIN) }).catch(() => null);
  if (answer?.ok && !(await isBusy())) location.reload();
}
