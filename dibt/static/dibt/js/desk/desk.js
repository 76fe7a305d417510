// The desk at which somebody annotates. The next records are at hand before they are needed, so an answer is kept (see
// outbox.js), the next record is on the screen at once, and the network has time. Without network it goes on as long as
// there are records at hand. Where the browser can keep nothing, the page's plain forms do the same, one at a time.
import { lastAccount } from "../account.js";
import { set as setClock } from "./clock.js";
import * as drafts from "./drafts.js";
import { count, keepProgress } from "./figures.js";
import { begun, given, mark, open } from "./form.js";
import * as guidelines from "./guidelines.js";
import { Hand } from "./hand.js";
import { said, showRefused, showState } from "./notes.js";
import { flush, forget, outbox, put, refused, start, takeBack, waiting } from "./outbox.js";
import { brought, element, focusStart, problem, protect } from "./pieces.js";
import { read, usable } from "./store.js";

const PROMPT = 250; // ms in which an answer is taken in, mostly; only after that is anything said
const PATIENCE = 4_000; // ms that an answer waits for the desk after the page was opened, and for the database to keep
// it; then the plain form goes out

const narrow = matchMedia("(max-width: 61.99rem)"); // as the style sheet has it

const root = document.querySelector("[data-desk]");
const isShell = root.dataset.desk === ""; // what is there without network, whoever is at the browser
const account = document.body.dataset.account ?? (isShell ? lastAccount() : "");
const work = () => document.getElementById("work");

const project = root.dataset.desk || location.pathname.match(/^\/projects\/([^/]+)\/annotate\/$/)?.[1];
const url = new URL(`/projects/${project}/annotate/`, location);
const passing = () => new Promise((resolve) => setTimeout(resolve, PATIENCE, null));
const late = passing();
const answered = new WeakSet(); // forms whose answers are kept
let hand;
let shown = null; // the record on the screen
let latest = null; // what was given last, as long as it can be taken back here
let letGo = null; // what was skipped, discarded or flagged last and has arrived
let undoes = false; // whether what is just being given is to be taken back
let consented = false;
let online = true;
let sending = false;
let busy = false;
let shell; // what only that page does
let showTaken = () => {};
let along = new Set(); // records that were taken along and are in another browser only, for all that is known
let plain = false; // whether the page's own forms do it all, as without a script
let pressed = false; // whether something is given that waits for the desk

// --- What is on the screen

async function show(one) {
  const node = one.node ?? element(one.html);
  shown = one;
  if (consented) node.querySelector("[data-consent]")?.remove();
  work().replaceWith(node);
  const form = node.querySelector("form[data-give=answer]");
  if (!one.node) await drafts.restore(hand.where, one.record, form, { cached: isShell });
  one.node = node;
  guidelines.stamp(form);
  arrived();
}

function showPanel(name, html) {
  shown = null;
  const panel = html ? element(html) : document.querySelector(`template[data-panel="${name}"]`).content.firstElementChild;
  work().replaceWith(html ? panel : panel.cloneNode(true));
  for (const form of work().querySelectorAll("form[method=post]")) protect(form);
  arrived();
}

function arrived() {
  document.dispatchEvent(new CustomEvent("workspace:shown"));
  toTop();
  focusStart(work());
}

function toTop() {
  const news = guidelines.toRead();
  const place = (narrow.matches && news) || document.getElementById(narrow.matches ? "done" : "main");
  place.scrollIntoView({ block: "start" });
}

// The next record at hand; where there is none, the site is asked for one.
async function next() {
  const following = hand.next();
  if (following) return show(following);
  if (!online) return showPanel("offline");
  showPanel("fetching");
  return refresh();
}

// What the site has for this person now; after waiting answers are sent, it says so with the last of them.
async function refresh() {
  if ((await waiting()).length) return flush();
  const asked = new URL(url);
  for (const { record } of hand.all) asked.searchParams.append("have", record);
  for (const [name, value] of guidelines.named([["account", account]])) asked.searchParams.set(name, value);
  const answer = await fetch(asked, { headers: { Accept: "application/json" } }).catch(() => null);
  const reply = await answer?.json().catch(() => null);
  if (answer?.ok && reply) return take(reply);
  if (["signed-out", "other-person"].includes(reply?.type)) showState({ state: reply.type, waiting: 0 });
  else if (reply?.detail) return showPanel("", problem(reply.detail));
  return shown ?? showPanel("offline");
}

async function take(reply) {
  if (guidelines.renew(reply.guidelines)) await renewed();
  const gone = new Set((await waiting()).map((entry) => entry.record));
  await hand.add(reply.records.filter((one) => !gone.has(one.record)));
  await hand.extend(reply.until);
  showTaken();
  if (shown) return undefined;
  if (hand.next()) return show(hand.next());
  if (reply.nothing_left && !gone.size) return showPanel("", reply.nothing_left);
  return undefined;
}

// Newer guidelines hold for what is begun from now on: what was begun before stays under those it was begun with.
async function renewed() {
  if (!shown?.touched) {
    guidelines.stamp(work().querySelector("form[data-give=answer]"));
    toTop();
  }
  if (!isShell) await (await import("./take.js")).remindOf(account, project);
}

// --- What the person does

async function give(form, submitter) {
  const question = form.dataset.give === "answer" ? open(form) : undefined;
  mark(form, question);
  if (question || busy || answered.has(form) || !form.reportValidity()) return undefined;
  busy = true;
  drafts.stop();
  const { record, html, until, node } = shown;
  const entry = { project, kind: form.dataset.give, url: form.action, record, html, until, form: guidelines.named(given(form)) };
  if (submitter?.name) entry.form.push([submitter.name, submitter.value]);
  if (entry.kind !== "answer") Object.assign(entry, begun(node.querySelector("form[data-give=answer]"))); // not to be sent, but to be there again
  // Sent on both ways, the same answer counts once.
  const kept = await Promise.race([put(entry).catch(() => null), passing()]);
  busy = false;
  if (!kept) return sendPlainly(form, submitter);
  answered.add(form);
  latest = { ...kept, node };
  hand.forget(record);
  if (form.elements.consent) await agreed();
  for (const id of ["done", "cheer"]) document.getElementById(id).replaceChildren();
  for (const old of document.querySelectorAll("#site-messages .message--good")) old.remove(); // of an answer before
  setTimeout(() => latest?.key === kept.key && !latest.wanted && said("kept"), PROMPT);
  await next();
  showTaken();
  return undoes && undo();
}

// The browser can keep nothing more, such as where its disk is full: without it, as without a script.
function sendPlainly(form, submitter) {
  pressed = true; // and another page comes
  addEventListener("pageshow", () => (pressed = false), { once: true });
  protect(form);
  if (submitter?.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: submitter.name, value: submitter.value }));
  form.submit();
}

async function agreed() {
  consented = true;
  hand.all.forEach((one) => one.node?.querySelector("[data-consent]")?.remove());
  const { remember } = await import("./take.js");
  await remember(account, project, { consented });
}

// At once where it was not sent yet; else as soon as the site has it, by what comes with its reply.
async function undo() {
  undoes = pressed || busy;
  const entry = latest;
  if (undoes || !entry) return undefined;
  entry.wanted = !(await takeBack(entry));
  if (entry.wanted) return latest === entry && said("sending");
  latest = null;
  askAgain(entry);
  if (entry.form.some(([name]) => name === "consent")) consented = false;
  document.getElementById("done").replaceChildren();
  hand.first(entry);
  await show(hand.next());
  return showTaken();
}

function askAgain({ node }) {
  for (const form of node?.querySelectorAll("form") ?? []) answered.delete(form);
}

// The site has let go of the record, and is asked for it; it comes with what was typed for it.
async function undoLetGo(form) {
  if (!(await Promise.race([seated, late]))) return form.submit();
  const { askBack } = await import("./letting-go.js");
  const record = Number(form.elements.record.value);
  const before = letGo?.record === record ? letGo : null;
  const reply = await askBack(form, before, { account, hand });
  if (!reply) return undefined;
  letGo = null;
  document.getElementById("done").innerHTML = reply.status;
  await count(hand.where, reply.own_answers);
  const again = reply.records.find((one) => one.record === record);
  if (!again) return take(reply);
  if (before) askAgain(before);
  await hand.add([again]);
  hand.first({ ...again, node: before?.node });
  await show(hand.next());
  return showTaken();
}

// An answer that has to be given again comes before all others: at once where nothing else has been begun, else next.
async function bringBack(one) {
  const atWork = shown && (shown.touched || work().contains(document.activeElement?.closest("textarea, input, select")));
  hand.first(one);
  if (atWork) return said("again");
  quiet();
  return show(hand.next());
}

// Somebody who types while the record changes by itself means the one before: keys wait for a moment.
function quiet() {
  document.dispatchEvent(new CustomEvent("desk:changes"));
}

for (const name of ["input", "change"]) {
  document.addEventListener(name, (event) => {
    if (shown && event.target.closest?.("#work")) shown.touched = true;
  });
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-give]");
  if (!form || plain) return;
  event.preventDefault();
  if (pressed) return; // the first counts
  pressed = true;
  undoes = false;
  const place = work();
  const taken = setTimeout(() => place.setAttribute("aria-busy", "true"), PROMPT);
  const there = await Promise.race([seated, late]);
  clearTimeout(taken);
  place.removeAttribute("aria-busy");
  pressed = false;
  if (!form.isConnected) return; // answered before, and on its way: another record has come up
  if (there && shown) give(form, event.submitter);
  else sendPlainly(form, event.submitter);
});

document.addEventListener("click", (event) => {
  if (event.target.closest("button[data-undo][type=button]")) undo();
});

document.addEventListener("submit", (event) => {
  if (plain || !event.target.matches("form[data-take-back]")) return;
  event.preventDefault();
  undoLetGo(event.target);
});

// By its key; what is being given at this moment comes before what the page says of the answer before it.
document.addEventListener("desk:undo", (event) => {
  if (!pressed && !busy && !latest) return;
  event.preventDefault();
  undo();
});

// --- What comes of it

outbox.addEventListener("state", ({ detail }) => {
  const was = online;
  sending = detail.state === "sending";
  online = sending || detail.state === "idle";
  // The page without network is no other because the browser thinks that there is one.
  showState(isShell && online ? { ...detail, state: "offline" } : detail);
  count(hand.where);
  const panel = work().dataset.panel;
  if (!online && panel === "fetching") showPanel("offline");
  if (online && !was && panel === "offline") next();
});

outbox.addEventListener("sent", async ({ detail: { entry, reply } }) => {
  if (entry.project !== project) return;
  setClock(reply.now);
  if (!(await waiting()).length) document.getElementById("done").innerHTML = reply.status;
  guidelines.settle(entry);
  if (latest?.key === entry.key) arrivedThere();
  if (isShell) return shell.becomeWhole();
  document.getElementById("cheer").insertAdjacentHTML("beforeend", reply.cheer); // beside that of a goal
  await count(hand.where, reply.own_answers);
  return take(reply);
});

// What was given last is with the site, and what the page says leads back to it.
function arrivedThere() {
  const { kind, wanted } = latest;
  if (kind !== "answer") letGo = latest;
  latest = null;
  if (wanted && !shown?.touched) document.querySelector("#done [data-undo]")?.click();
}

outbox.addEventListener("refused", async ({ detail: { entry, problem: said } }) => {
  if (entry.project !== project) return;
  if (latest?.key === entry.key) latest = null;
  document.getElementById("done").replaceChildren();
  if (!said.html) return tellRefused();
  if (said.html.includes("data-consent")) consented = false;
  await bringBack({ record: entry.record, html: said.html, until: entry.until });
});

// Another tab of this person was faster with the record that is on the screen here.
outbox.addEventListener("given", async ({ detail: { entry } }) => {
  if (entry.project !== project) return;
  hand.forget(entry.record);
  if (shown?.record !== entry.record) return;
  quiet();
  await next();
  said("elsewhere");
});

async function tellRefused() {
  for (const entry of await refused(project)) showRefused(entry, entry.refused, () => forget(entry));
}

// --- Sitting down

// What the page brought, unless it has been answered here and is still on its way.
async function unpack(gone) {
  const here = Number(work().dataset.record);
  await hand.add(brought(root, work()).filter((one) => !gone.has(one.record)));
  if (here && !gone.has(here)) hand.first(hand.records.get(here));
}

async function sitDown() {
  const gone = new Set((await waiting()).map((entry) => entry.record));
  hand = await new Hand(account, project).recall();
  gone.forEach((record) => hand.forget(record));
  const taken = document.getElementById("take")?.dataset.along.split(" ").filter(Boolean).map(Number) ?? [];
  along = new Set(taken.filter((record) => !gone.has(record)));
  const desk = await read("desks", (store) => store.get([account, project]));
  consented = Boolean(desk?.consented) && !work().querySelector("[data-consent]");
  if (isShell) shell.furnish(desk);
  else await unpack(gone);
  const first = hand.next();
  if (first && String(first.record) === work().dataset.record) await keepShown(first);
  else if (first) await show(first);
  else if (isShell || gone.size) next().catch(() => {}); // there is a desk, whatever the network does
}

// The record that the page came with stays as it is, with what was typed for it.
async function keepShown(one) {
  shown = one;
  one.node = work();
  await drafts.restore(hand.where, one.record, one.node.querySelector("form[data-give=answer]"), { cached: isShell });
  document.dispatchEvent(new CustomEvent("workspace:shown"));
}

// Back on a page that the browser had put by: what was not on the screen was given back when it was left.
async function comeBack() {
  await hand.drop(hand.all.map((one) => one.record).filter((record) => record !== shown?.record));
  await refresh();
}

// What the site says of the records at hand. Those that are not theirs any more go, but for the one on the screen, a
// late answer to which is taken in, and those for which something was typed, unless it was answered elsewhere.
async function lose({ asked, until, answered, typed: begun }) {
  await hand.extend(until);
  await hand.forgetTyped(answered.filter((record) => record !== shown?.record));
  const typed = await hand.typed();
  const gone = (one) => one !== shown?.record && !(one in until) && !typed.has(one);
  await hand.drop(asked.filter(gone));
  if (!shown) return;
  if (!shown.touched && answered.includes(shown.record)) await passOn();
  else if (shown.record in begun) await goOn(shown.record, begun[shown.record]);
}

// With what was typed on another device since.
async function goOn(record, begun) {
  if (await drafts.update(hand.where, record, work().querySelector("form[data-give=answer]"), begun)) said("newer");
}

async function passOn() {
  await hand.drop([shown.record]);
  quiet();
  await next();
}

async function follow() {
  drafts.follow({ account, project, told: heard });
  const { look } = await import("./leases.js");
  look(url, {
    account,
    hand: () => hand.all,
    shown: () => shown?.record,
    sending: () => sending,
    kept: lose,
  });
  addEventListener("pageshow", (event) => event.persisted && comeBack());
  await tellRefused();
  if (!isShell) await keepProgress(hand.where);
}

function heard({ draft, status, until, newer }) {
  if (status === 401) showState({ state: "signed-out", waiting: 0 });
  if (draft.project !== project) return;
  hand.extend(until);
  if (!newer || shown?.record !== draft.record) return;
  drafts.show(work().querySelector("form[data-give=answer]"), newer);
  said("newer");
}

// Records can be taken along once the browser knows how to get this page without network.
async function prepare() {
  await navigator.serviceWorker.register("/sw.js").catch(() => {});
  await navigator.serviceWorker.ready;
  const { offer } = await import("./take.js");
  showTaken = offer(url, { account, hand, along, changed: () => shown ?? next() });
}

// Whether there is a desk to sit at.
async function begin() {
  if (!(await usable())) return false;
  if (isShell) {
    shell = await import("./shell.js");
    shell.lookForNetwork(async () => shown?.touched || (await waiting()).length > 0);
    if (!project) await shell.listDesks(account);
  }
  if (!account || !project) return false;
  setClock(Number(root.dataset.now));
  await start({ of: account, at: project, having: (of) => (of === project ? hand?.all ?? [] : []) }, sitDown);
  performance.mark("desk-ready");
  return true;
}

// Where the browser's database fails or is not there, the plain forms do it.
const seated = begin().catch(() => false);
seated.then(async (there) => {
  plain = !there;
  if (!there) return;
  await follow().catch(() => {}); // answers are kept and sent all the same
  if (!isShell && "serviceWorker" in navigator) await prepare().catch(() => {}); // nothing can be taken along
});
