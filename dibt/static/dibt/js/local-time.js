// <time data-local> is written in UTC by the server; here it is told in the reader's own time zone.
const format = new Intl.DateTimeFormat(document.documentElement.lang || undefined, { dateStyle: "medium", timeStyle: "short" });
const zoned = new Intl.DateTimeFormat(document.documentElement.lang || undefined, { timeZoneName: "short", hour: "numeric" });

function zone(date) {
  return zoned.formatToParts(date).find((part) => part.type === "timeZoneName").value;
}

function localise(within) {
  for (const time of within.querySelectorAll("time[data-local]")) {
    const date = new Date(time.dateTime);
    time.title = time.textContent;
    time.textContent = `${format.format(date)} ${zone(date)}`;
    time.removeAttribute("data-local");
  }
}

document.addEventListener("htmx:load", (event) => localise(event.target));
localise(document);
