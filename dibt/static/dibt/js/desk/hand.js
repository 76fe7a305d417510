// The records at hand at one desk, in the order in which they come up. They are kept in the browser as well, so that
// they are there again without network; which ones are with the person is the site's to say.
import { now } from "./clock.js";
import { read, within, write } from "./store.js";

export class Hand {
  constructor(account, project) {
    this.where = { account, project };
    this.records = new Map();
    this.places = 0;
  }

  // Those that were kept and are still with the person, and those for which something was typed: a late answer is
  // taken in all the same.
  async recall() {
    const { account, project } = this.where;
    const kept = await read("records", (store) => store.getAll(within(account, project)));
    const typed = await this.typed();
    const there = (one) => one.until >= now() || typed.has(one.record);
    const gone = kept.filter((one) => !there(one));
    kept.filter(there).forEach((one) => this.records.set(one.record, one));
    this.places = Math.max(0, ...kept.map((one) => one.place + 1));
    if (gone.length) await this.drop(gone.map((one) => one.record));
    return this;
  }

  // Records for which something was typed in this browser.
  async typed() {
    const { account, project } = this.where;
    const drafts = await read("drafts", (store) => store.getAllKeys(within(account, project)));
    return new Set(drafts.map(([, , record]) => record));
  }

  has(record) {
    return this.records.has(record);
  }

  get all() {
    return [...this.records.values()].sort((one, other) => one.place - other.place);
  }

  next() {
    return this.all[0];
  }

  // `records` as the site tells of them; one that is here already stays in its place.
  async add(records) {
    const { account, project } = this.where;
    for (const one of records) {
      const place = this.records.get(one.record)?.place ?? this.places++;
      this.records.set(one.record, { ...this.records.get(one.record), ...one, account, project, place });
    }
    const kept = records.map(({ record }) => this.records.get(record));
    await write("records", (stores) => kept.forEach(({ node, touched, ...one }) => stores.records.put(one)));
  }

  // Records that are with the person for longer now: {record: until}. None is brought back by it that is answered by
  // then, here or in another tab.
  async extend(until) {
    const { account, project } = this.where;
    const longer = Object.entries(until).map(([record, until]) => [Number(record), until]);
    for (const [record, until] of longer) if (this.has(record)) this.records.get(record).until = until;
    await write("records", ({ records }) => {
      for (const [record, until] of longer) {
        const asked = records.get([account, project, record]);
        asked.onsuccess = () => asked.result && records.put({ ...asked.result, until });
      }
    });
  }

  // One that comes up before all others; `node`, if known, is its form as the person left it.
  first(one) {
    const place = Math.min(0, ...this.all.map((each) => each.place)) - 1;
    this.records.set(one.record, { ...this.where, ...one, place });
  }

  forget(record) {
    this.records.delete(record);
  }

  async drop(records) {
    const { account, project } = this.where;
    records.forEach((record) => this.records.delete(record));
    await write("records", (stores) => records.forEach((record) => stores.records.delete([account, project, record])));
  }

  // What was typed for records that were answered on another device.
  async forgetTyped(records) {
    const { account, project } = this.where;
    await write("drafts", (stores) => records.forEach((record) => stores.drafts.delete([account, project, record])));
  }
}
