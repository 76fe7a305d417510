// How long records are with the person: longer while they are active here, and no longer when they leave. What was
// not on the screen goes back at once; what was stays theirs for a minute, so that a reload finds it.
import { now } from "./clock.js";
import { token } from "./outbox.js";

const EVERY = 120_000; // ms between two signs of life
const AWAY = 5_000; // ms since the last, after which somebody who comes back to the page may have been at another device
const SETTLED = 1_000; // ms after which nothing of the page that was left is on its way
const LEASE = 10 * 60_000; // ms that the site lets somebody have a record from each sign of life on
const UNDER_WAY = 3_000; // ms that an answer takes to arrive, mostly
const KEYS = ["pointerdown", "keydown", "input"];

// The other tabs of one person at one desk.
function tabsOf(desk) {
  const others = new Set();
  const own = Math.random().toString(36).slice(2);
  const channel = "BroadcastChannel" in self ? new BroadcastChannel(`desk:${desk}`) : null;
  const say = (word) => channel?.postMessage({ word, tab: own });
  channel?.addEventListener("message", ({ data: { word, tab } }) => {
    if (word === "bye") others.delete(tab);
    else others.add(tab);
    if (word === "hello") say("here");
  });
  addEventListener("pagehide", () => say("bye"));
  addEventListener("pageshow", (event) => event.persisted && say("hello"));
  say("hello");
  return { anybody: () => others.size > 0 };
}

// `hand()` are the records at hand with the one `shown()` on the screen, `sending()` is whether an answer is under way;
// `kept` hears which of them stay, until when.
export function look(url, { account, hand, shown, sending, kept }) {
  const neighbours = tabsOf(`${account}:${url}`);
  let last = Date.now();
  let asking = false;
  let unheard = 0; // when the sign of life was sent of which nothing was heard, by the site's clock; 0 for none
  let left = false; // a timer may still ring after the goodbye

  async function keep(after = EVERY) {
    if (Date.now() - last >= after) await ask();
  }

  async function ask() {
    if (left || asking || !navigator.onLine) return;
    asking = true;
    unheard = Math.round(now());
    last = Date.now();
    const asked = hand().map((one) => one.record);
    const form = body(account, asked);
    // What is returned later than this was left by this page: its goodbye may be the first to arrive.
    form.set("asked_at", unheard);
    const answer = await post(new URL("../keep/", url), form);
    const told = answer?.ok ? await answer.json().catch(() => null) : null;
    if (told) {
      await kept({ asked, ...told });
      unheard = 0; // else it may have arrived all the same: a page that is being left hears nothing any more
    }
    asking = false;
  }

  // The page that was left before this one may have given back what was kept here for a time without network: once
  // nothing of it is on its way, the site says what is theirs.
  setTimeout(ask, SETTLED);
  addEventListener("pageshow", ({ persisted }) => {
    left = false;
    if (persisted) setTimeout(ask, SETTLED);
  });
  for (const name of KEYS) document.addEventListener(name, () => keep(), { passive: true });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && keep(AWAY));
  addEventListener("pagehide", () => {
    left = true;
    if (neighbours.anybody()) return; // another tab of the desk has the same records
    const leaving = body(account, hand().map((one) => one.record));
    // What is theirs for longer was given to another page since, or by what this one has just sent.
    const soon = Math.max(unheard && unheard + LEASE, sending() ? now() + LEASE + UNDER_WAY : 0);
    for (const { until } of hand()) leaving.append("until", Math.round(Math.max(until, soon)));
    leaving.set("shown", shown() ?? "");
    leaving.set("csrfmiddlewaretoken", token());
    navigator.sendBeacon?.(new URL("../leave/", url), leaving);
  });
}

export function body(account, records = []) {
  const form = new FormData();
  form.set("account", account);
  for (const record of records) form.append("record", record);
  return form;
}

export const post = (url, form) =>
  fetch(url, {
    method: "POST",
    body: form,
    headers: { Accept: "application/json", "X-CSRFToken": token() },
  }).catch(() => null);
