// Answers on their way. Each is kept in this browser before the next record is shown, and leaves it only when the site
// has taken it in or has said for good that it will not. They go out one after the other, in the order given, from one
// tab at a time; each has a key of its own, so that one which was sent twice counts once.
//
// Events: "sent" {entry, reply}, "refused" {entry, problem}, "state" {state, waiting}, where `state` is one of
// idle, sending, offline, late, signed-out, other-person.
import { noteWaiting } from "../account.js";
import { now } from "./clock.js";
import { read, write } from "./store.js";

const PATIENCE = 30_000; // ms for one answer to be taken in
const PAUSES = [2_000, 5_000, 15_000, 30_000, 60_000]; // ms between tries
const FOR_GOOD = [400, 403, 404, 405, 409, 410, 413, 422]; // the same answer would be refused again
const NOTHING_GIVEN = ["skip", "discard"]; // of which nothing is lost when they come too late
const LOCK = "dibt-outbox";

export const outbox = new EventTarget();
const channel = "BroadcastChannel" in self ? new BroadcastChannel(LOCK) : null;
let account = "";
let atHand = () => []; // the records this tab has, of the project that is asked about
let annotatesHere = () => false;
let failures = 0;
let timer = 0;
let state = "idle";

// `first` is done before anything is sent.
export async function start({ of, having, at }, first) {
  account = of;
  atHand = having ?? atHand;
  annotatesHere = (project) => project === at;
  for (const name of ["online", "offline"]) addEventListener(name, soon);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && soon());
  channel?.addEventListener("message", ({ data }) => data.account === account && tell(data.name, data));
  await first?.();
  flush();
}

// Without a secure origin there are no random UUIDs; the key only has to be a person's own.
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// All of this account that are not sent yet, the refused ones left out.
export async function waiting() {
  const all = await read("outbox", (store) => store.index("account").getAll(account));
  return all.filter((entry) => !entry.refused);
}

export async function refused(project) {
  const all = await read("outbox", (store) => store.index("account").getAll(account));
  return all.filter((entry) => entry.refused && entry.project === project);
}

// Keep an answer; its record and what was typed for it are no longer needed.
export async function put(entry) {
  const kept = { ...entry, account, key: newKey(), at: Date.now() };
  kept.number = await write(["outbox", "records", "drafts"], ({ outbox: answers, records, drafts }) => {
    const where = [account, entry.project, entry.record];
    records.delete(where);
    drafts.delete(where);
    return answers.add(kept);
  });
  channel?.postMessage({ account, name: "given", entry: kept });
  noteWaiting(account, 1);
  flush();
  return kept;
}

// Take one back that was never sent, and have it at hand again; false where it was, or is just being sent: the site may
// have it, and would refuse another one.
export function takeBack(entry) {
  return ifNobodySends(async () => {
    const there = await read("outbox", (store) => store.get(entry.number));
    if (!there || there.tried) return false;
    const { kind, project, record, html, form, typed = form, asked } = there;
    await write(["outbox", "records", "drafts"], ({ outbox: answers, records, drafts }) => {
      answers.delete(entry.number);
      records.put({ account, project, record, html, until: there.until, place: -1 });
      if (kind !== "answer" && !typed.length) return;
      drafts.put({ account, project, record, form: typed, asked, at: Math.round(now()) });
    });
    tell("state", { state, waiting: await count() });
    return true;
  });
}

export const forget = (entry) => write("outbox", ({ outbox: answers }) => void answers.delete(entry.number));

export function flush() {
  clearTimeout(timer);
  return account ? alone(sendAll) : Promise.resolve();
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(flush, 200);
}

// One tab after the other; browsers keep the lock from pages that are not secure, which then risk a second sending
// of the same answer, and its key makes that harmless.
function alone(work) {
  return navigator.locks ? navigator.locks.request(LOCK, work) : work();
}

function ifNobodySends(work) {
  if (!navigator.locks) return work();
  return navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => (lock ? work() : false));
}

async function sendAll() {
  for (let [entry] = await waiting(); entry; [entry] = await waiting()) {
    if (!navigator.onLine) return later(entry, { name: "offline" });
    await become(failures ? state : "sending");
    await write("outbox", ({ outbox: answers }) => void answers.put({ ...entry, tried: true }));
    const outcome = await attempt(entry);
    if (outcome.name === "sent") await write("outbox", ({ outbox: answers }) => void answers.delete(entry.number));
    else if (outcome.name === "refused") await refuse(entry, outcome.problem);
    else return later(entry, outcome);
    failures = 0;
    share(outcome.name, { entry, reply: outcome.reply, problem: outcome.problem });
  }
  await become(navigator.onLine ? "idle" : "offline");
}

// Shown again as a form where its record came back with it; else kept, with the reason, until it has been read.
function refuse(entry, problem) {
  const { project, record, form } = entry;
  return write(["outbox", "records", "drafts"], ({ outbox: answers, records, drafts }) => {
    if (NOTHING_GIVEN.includes(entry.kind)) return void answers.delete(entry.number);
    if (!problem.html) return void answers.put({ ...entry, refused: problem.detail || "?" });
    answers.delete(entry.number);
    records.put({ account, project, record, html: problem.html, until: entry.until, place: -1 });
    drafts.put({ account, project, record, form, at: Math.round(now()) });
    return undefined;
  });
}

async function later(entry, { name, after, broken }) {
  const pause = after ?? PAUSES[Math.min(failures, PAUSES.length - 1)];
  failures += 1;
  // One that the site stumbles over must not keep back the others.
  if (broken && failures % PAUSES.length === 0) await moveToTheEnd(entry);
  await become(name);
  if (name === "offline" || name === "late") timer = setTimeout(flush, pause);
}

function moveToTheEnd({ number, ...entry }) {
  return write("outbox", ({ outbox: answers }) => {
    answers.delete(number);
    answers.add({ ...entry, tried: true });
  });
}

async function become(next) {
  state = next;
  const some = await count();
  noteWaiting(account, some);
  tell("state", { state, waiting: some });
}

const count = async () => (await waiting()).length;

function share(name, detail) {
  tell(name, detail);
  channel?.postMessage({ account, name, ...detail });
}

function tell(name, detail) {
  outbox.dispatchEvent(new CustomEvent(name, { detail }));
}

async function attempt(entry, again = false) {
  const answer = await sent(entry);
  if (!answer) return { name: "offline" };
  const said = await answer.json().catch(() => null);
  if (answer.ok && said) return { name: "sent", reply: said };
  if (["signed-out", "other-person"].includes(said?.type)) return { name: said.type };
  if (said?.type === "stale-form" && !again && (await renewed(entry))) return attempt(entry, true);
  // Only the site itself can say so: a proxy's page or a firewall's is no answer to it.
  if (FOR_GOOD.includes(answer.status) && said?.type && said.type !== "stale-form") return { name: "refused", problem: said };
  const seconds = Number(answer.headers.get("Retry-After"));
  return { name: "late", after: seconds ? seconds * 1000 : undefined, broken: answer.status === 500 };
}

async function sent(entry) {
  const body = new FormData();
  for (const [name, value] of entry.form) body.append(name, value);
  const known = [...(await waiting()).filter((one) => one.project === entry.project), ...atHand(entry.project)];
  for (const { record } of known) body.append("have", record);
  if (!annotatesHere(entry.project)) body.set("no_more", "1");
  for (const name of ["record", "key", "account"]) body.set(name, entry[name]);
  const headers = { Accept: "application/json", "X-CSRFToken": token() };
  return fetch(entry.url, { method: "POST", body, headers, signal: AbortSignal.timeout(PATIENCE) }).catch(() => null);
}

// The protection against forgery changes with each sign-in; any page brings the one that holds now.
const renewed = (entry) => fetch(entry.url.replace(/[^/]+\/$/, "annotate/"), { redirect: "manual" }).catch(() => null);

export const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
