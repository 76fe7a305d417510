// What is typed and not sent: kept in this browser at once, and on the site soon after, so that it is there again on
// any device. What the network did not take goes out when it is back, or with the next visit to a desk. Of what was
// typed for one record on several devices, the latest stands.
import { now } from "./clock.js";
import { asked, fill, typed } from "./form.js";
import { token } from "./outbox.js";
import { read, within, write } from "./store.js";

const SOON = [300, 1_000]; // ms without typing, until it is kept here; and at most
const THERE = [1_500, 5_000]; // until it is sent
const AGAIN = [15_000, 15_000]; // until it is sent again
const KEPT_FOR = 30 * 24 * 60 * 60_000; // ms, as long as the site keeps them
const SMALL = 15_000; // characters; browsers send no more than 64 kB behind a page that is left
const FOR_NOW = [401, 403, 408, 429]; // with a later visit the site may take it

const PAGE = Math.random().toString(36).slice(2);

const timers = new Map(); // {timer, since, work} of what is to be done, by its name
let latest = 0; // when something was typed here

function after(name, [pause, most], work) {
  const { timer, since = Date.now() } = timers.get(name) ?? {};
  clearTimeout(timer);
  const left = Math.min(pause, Math.max(0, since + most - Date.now()));
  timers.set(name, { timer: setTimeout(atOnce, left, name), since, work });
}

function atOnce(name) {
  const { timer, work } = timers.get(name);
  clearTimeout(timer);
  timers.delete(name);
  return work();
}

// The clocks of two devices differ a little: what is typed on top of something still counts as later.
function moment(form) {
  latest = Math.max(latest + 1, Math.round(now()), Number(form.dataset.begunAt ?? 0) + 1);
  return latest;
}

// What is typed at a desk from now on. `told` hears how the site answered: the status, until when the record is theirs,
// and what was typed later on another device, if it was and nothing has been typed here since.
export function follow({ account, project, told }) {
  const changed = (event) => {
    const form = event.target.closest?.("form[data-give=answer]");
    if (!form || !event.target.name?.startsWith("answer.")) return;
    const record = Number(form.elements.record.value);
    const of = { account, project, record, schema: form.elements.schema?.value };
    const draft = { ...of, form: typed(form), asked: asked(form), at: moment(form) };
    after("here", SOON, () => write("drafts", ({ drafts }) => drafts.put(draft)));
    after("there", THERE, () => send(draft, told));
  };
  document.addEventListener("input", changed);
  document.addEventListener("change", changed);
  addEventListener("online", () => sendAll(account, told));
  // On a phone, a page that is out of sight may never be heard of again.
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && [...timers.keys()].forEach(atOnce));
  sendAll(account, told);
}

// The answer itself is on its way: nothing is left to keep.
export function stop() {
  for (const name of ["here", "there"]) {
    clearTimeout(timers.get(name)?.timer);
    timers.delete(name);
  }
}

// What was typed here, unless what the form came with is younger. `cached`: the form was kept in this browser, before
// the site knew of it; else what the site has is the site's to tell of, such as that it was thrown away.
export async function restore({ account, project }, record, form, { cached = false } = {}) {
  const here = await read("drafts", (store) => store.get([account, project, record]));
  if (!here || (here.there && !cached) || here.at < Number(form.dataset.begunAt ?? 0)) return;
  fillIn(form, here);
}

// What was typed on another device since.
export function show(form, newer) {
  fillIn(form, newer);
  form.dataset.begunAt = newer.at;
  document.dispatchEvent(new CustomEvent("workspace:shown"));
}

// What the site has of it, if that is younger than what is here; whether it is.
export async function update({ account, project }, record, form, there) {
  const here = await read("drafts", (store) => store.get([account, project, record]));
  if (there.at <= Math.max(here?.at ?? 0, Number(form.dataset.begunAt ?? 0), latest)) return false;
  await write("drafts", ({ drafts }) => drafts.put({ account, project, record, ...there, there: true }));
  show(form, there);
  return true;
}

function fillIn(form, { form: pairs, asked: questions }) {
  fill(form, pairs, questions);
  // What is one's own is no longer what was suggested.
  const seen = (question) => !questions || questions.includes(question.dataset.question);
  for (const question of [...form.querySelectorAll("[data-begun]")].filter(seen)) question.removeAttribute("data-begun");
}

// What the site does not have yet, of all projects.
async function sendAll(account, told) {
  const all = await read("drafts", (store) => store.getAll(within(account)));
  const old = all.filter(({ at }) => at < now() - KEPT_FOR);
  if (old.length) await write("drafts", ({ drafts }) => old.forEach((one) => drafts.delete(where(one))));
  for (const draft of all) if (!draft.there && !draft.refused && !old.includes(draft)) await send(draft, told);
}

const where = ({ account, project, record }) => [account, project, record];

async function send(draft, told) {
  if (!navigator.onLine) return undefined;
  const answer = await sent(draft);
  const said = answer?.ok ? await answer.json().catch(() => null) : null;
  const { status } = answer ?? {};
  if (said) await settle(draft, said.newer ? { ...said.newer, asked: undefined, there: true } : { there: true });
  else if (!answer || status >= 500) after("again", AGAIN, () => sendAll(draft.account, told));
  else if (!answer.ok && !FOR_NOW.includes(status)) await settle(draft, { refused: true });
  const isLatest = draft.at >= latest; // else more was typed, and that stands
  return told({ draft, status, until: said?.until ?? {}, newer: isLatest ? said?.newer : undefined });
}

function sent(draft) {
  const body = new FormData();
  for (const [name, value] of draft.form) if (name !== "schema") body.append(name, value);
  for (const name of ["record", "account", "at"]) body.set(name, draft[name]);
  if (draft.schema) body.set("schema", draft.schema);
  body.set("page", PAGE);
  const headers = { Accept: "application/json", "X-CSRFToken": token() };
  const keepalive = JSON.stringify(draft.form).length < SMALL;
  const url = new URL(`/projects/${draft.project}/draft/`, location);
  return fetch(url, { method: "POST", body, headers, keepalive }).catch(() => null);
}

// Unless more was typed meanwhile, or it was given.
const settle = (draft, settled) =>
  write("drafts", ({ drafts }) => {
    const kept = drafts.get(where(draft));
    kept.onsuccess = () => kept.result?.at === draft.at && drafts.put({ ...kept.result, ...settled });
  });
