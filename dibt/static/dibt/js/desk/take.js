// Records to take along: the site lets the person have them for a day, and this browser keeps them, so that they can
// be answered without network. What is not answered can be given back.
import { now } from "./clock.js";
import { number as ofGuidelines } from "./guidelines.js";
import { body, post } from "./leases.js";
import { read, write } from "./store.js";

const MOST = 50; // that the site lets one person have
const LONG = 60 * 60 * 1000; // ms; a lease that lasts longer is one of these
const number = new Intl.NumberFormat(document.documentElement.lang || undefined);
const clock = new Intl.DateTimeFormat(document.documentElement.lang || undefined, { dateStyle: "medium", timeStyle: "short" });

// `along` are the records that the site knows as taken along: those that are not here are in another browser.
export function offer(url, { account, hand, along, changed }) {
  const place = document.getElementById("take");
  if (!place) return () => {};
  const part = (name) => place.querySelector(`[data-${name}]`);
  const taken = () => hand.all.filter((one) => one.until - now() > LONG);
  const say = (name) => (part("take-said").textContent = name ? part("take-said").dataset[name] : "");

  function show() {
    const mine = taken();
    hand.all.forEach(({ record }) => along.delete(record)); // answered here, it is not elsewhere
    part("take-offer").hidden = mine.length > 0 && along.size === 0;
    part("take-taken").hidden = mine.length + along.size === 0;
    part("taken").textContent = number.format(mine.length);
    part("elsewhere").textContent = number.format(along.size);
    part("in-another").hidden = along.size === 0;
    for (const words of place.querySelectorAll("[data-words-here]")) {
      words.textContent = along.size ? words.dataset.wordsElsewhere : words.dataset.wordsHere;
    }
    const until = new Date(Math.max(0, ...mine.map((one) => one.until)));
    if (mine.length) part("taken-until").textContent = clock.format(until);
    part("taken-until").dateTime = until.toISOString();
    part("until").hidden = mine.length === 0;
    place.hidden = false;
  }

  // The button may give way to the other one, which then has the focus.
  function refocus(button) {
    if (![button, document.body, null].includes(document.activeElement)) return;
    [button, part("give-back"), part("take")].find((each) => each.checkVisibility())?.focus({ preventScroll: true });
  }

  async function asked(button, address, then) {
    const hadFocus = document.activeElement === button;
    button.disabled = true;
    say("");
    const answer = await post(new URL(address, url), body(account, hand.all.map((one) => one.record)));
    if (answer?.ok) await then(await answer.json());
    else say("failed");
    button.disabled = false;
    show();
    if (hadFocus) refocus(button);
  }

  part("take").addEventListener("click", ({ currentTarget }) =>
    asked(currentTarget, "../take/", async ({ records, until }) => {
      await hand.add(records);
      await hand.extend(until);
      await remember(account, hand.where.project);
      if (!taken().length) say("none");
      else if (taken().length < MOST) say("all");
      changed();
    }),
  );
  part("give-back").addEventListener("click", ({ currentTarget }) =>
    asked(currentTarget, "../give-back/", async ({ back }) => {
      await hand.drop(back);
      along.clear();
      say("back");
      changed();
    }),
  );
  show();
  return show;
}

// What the page needs to be there without network.
export function remember(account, project, more = {}) {
  const { title } = document.querySelector("[data-desk]").dataset; // not on the page that is there without network
  const guidelines = document.getElementById("guidelines")?.innerHTML ?? "";
  const desk = { account, project, ...(title && { title, guidelines, number: ofGuidelines() }), ...more };
  return write(["desks"], ({ desks }) => {
    const asked = desks.get([account, project]);
    asked.onsuccess = () => desks.put({ ...asked.result, ...desk });
  });
}

// Where it is kept already, from now on as it is on this page.
export const remindOf = async (account, project) => (await deskOf(account, project)) && remember(account, project);

const deskOf = (account, project) => read("desks", (store) => store.get([account, project]));
