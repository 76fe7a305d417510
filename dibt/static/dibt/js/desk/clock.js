// The site's clock, by which leases end: that of a phone may be days off. How far is kept for pages without network.
const KEPT = "clock";
const SET = 60_000; // ms; no answer is on its way for as long

let ahead = read() === null ? null : Number(read()); // ms; null before the site has said anything

function read() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

export const now = () => Date.now() + (ahead ?? 0);

// `time` is the site's, in ms. It was on its way for a while, so of several the one that says most is the nearest;
// unless somebody has set this browser's clock.
export function set(time) {
  if (!Number.isFinite(time) || !time) return;
  const said = time - Date.now();
  ahead = ahead !== null && Math.abs(said - ahead) < SET ? Math.max(said, ahead) : said;
  try {
    localStorage.setItem(KEPT, ahead);
  } catch {
    // Without it, this browser's own clock is taken.
  }
}
