// Whose browser this is: the account that is signed in on this page, kept for when there is no network to ask. What
// somebody answered on another page and the network did not take goes out from here as well.
const LAST = "account";
const waitingFor = (account) => `waiting:${account}`;

const get = (name) => tried(() => localStorage.getItem(name)) ?? "";

export const lastAccount = () => get(LAST);

export function noteWaiting(account, number) {
  warn(number);
  tried(() => (number ? localStorage.setItem(waitingFor(account), number) : localStorage.removeItem(waitingFor(account))));
}

// Who signs out while answers wait is asked first.
function warn(number) {
  const button = document.querySelector("[data-sign-out]");
  if (button && number) button.dataset.confirm = button.dataset.signOut;
  else delete button?.dataset.confirm;
}

// A browser may keep nothing, or have no room left: then it is known from the database alone, at a desk.
function tried(work) {
  try {
    return work();
  } catch {
    return null;
  }
}

const { account = "", shell } = document.body.dataset;
const before = lastAccount();

// Signed out, or somebody else by now: what was given stays until it is sent, but the records do not lie about for
// others to read. The account is forgotten only after that, so that what is cut off is done on the next page.
async function change() {
  if (before) await import("./desk/store.js").then(({ clear }) => clear(before));
  tried(() => (account ? localStorage.setItem(LAST, account) : localStorage.removeItem(LAST)));
}

if (shell === undefined && before !== account) change();

// An answer that a page of its own has sent was taken once another page is there; what was typed is of no use then.
async function tidy() {
  const sent = JSON.parse(tried(() => sessionStorage.getItem("begun")) ?? "null");
  if (!sent || sent.where[0] !== account || sent.page === location.pathname) return;
  tried(() => sessionStorage.removeItem("begun"));
  const { write } = await import("./desk/store.js");
  await write("drafts", ({ drafts }) => void drafts.delete(sent.where));
}

if (account) tidy();
warn(get(waitingFor(account)));

if (account && get(waitingFor(account)) && !document.querySelector("[data-desk]")) {
  import("./desk/outbox.js").then(({ start }) => start({ of: account }));
}
