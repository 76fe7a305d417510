// What this browser keeps for the people who use it: answers on their way, records at hand, what was typed, and which
// desks they sit at. Everything lies under the account it belongs to, so that a shared phone mixes nobody up.
//
//   outbox   {number, key, account, project, kind, url, record, form, html, refused, typed, asked}   in the order given
//   records  {account, project, record, until, place, html}                           at hand, to be answered
//   drafts   {account, project, record, form, asked, schema, at, there, refused}      typed, and not sent
//   desks    {account, project, title, guidelines, number, consented, own, progress, progressAt}   to sit down at without
//            network
const NAME = "dibt";
const VERSION = 1;
const OF_DESK = ["account", "project"];

let opening;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      const db = request.result;
      const outbox = db.createObjectStore("outbox", { keyPath: "number", autoIncrement: true });
      outbox.createIndex("account", "account");
      db.createObjectStore("records", { keyPath: [...OF_DESK, "record"] });
      db.createObjectStore("drafts", { keyPath: [...OF_DESK, "record"] });
      db.createObjectStore("desks", { keyPath: OF_DESK });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  }).then(whileItLasts);
  return opening;
}

// Browsers close it by themselves when they run short of something, and a newer version of the site wants it to itself.
function whileItLasts(db) {
  db.onclose = () => (opening = undefined);
  db.onversionchange = () => {
    db.close();
    opening = undefined;
  };
  return db;
}

const settled = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

// One transaction over these stores; resolves with what `work` returned, once all of it is on the disk.
export async function write(names, work) {
  const db = await open();
  const transaction = db.transaction(names, "readwrite", { durability: "strict" });
  const stores = Object.fromEntries([].concat(names).map((name) => [name, transaction.objectStore(name)]));
  const ended = new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
  const made = work(stores);
  await ended;
  return made instanceof IDBRequest ? made.result : made;
}

export async function read(name, ask) {
  const db = await open();
  return settled(ask(db.transaction(name).objectStore(name)));
}

// The keys of one desk, or of one account.
export const within = (...parts) => IDBKeyRange.bound(parts, [...parts, []]);

// Nothing of this account is left but what it gave and typed.
export const clear = (account) =>
  write(["records", "desks"], ({ records, desks }) => {
    records.delete(within(account));
    desks.delete(within(account));
  });

export const usable = () => open().then(() => true, () => false);
