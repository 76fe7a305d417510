// <time data-local> is written in UTC by the server; here it is told in the reader's own time zone, and written as
// the server writes (dibt/formats): both stand side by side.
const format = new Intl.DateTimeFormat(document.documentElement.lang || undefined, {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
  timeZoneName: "short",
});

function told(date) {
  const part = Object.fromEntries(format.formatToParts(date).map(({ type, value }) => [type, value]));
  return `${part.day} ${part.month} ${part.year}, ${part.hour}:${part.minute} ${part.timeZoneName}`;
}

function localise(within) {
  for (const time of within.querySelectorAll("time[data-local]")) {
    time.title = time.textContent;
    time.textContent = told(new Date(time.dateTime));
    time.removeAttribute("data-local");
  }
}

document.addEventListener("htmx:load", (event) => localise(event.target));
localise(document);
