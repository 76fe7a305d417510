// Where tabs do not all fit, the current one is moved into sight; only sideways, never the page.
for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  const row = tab.closest(".tabs");
  const beside = tab.getBoundingClientRect();
  const frame = row.getBoundingClientRect();
  row.scrollLeft += beside.left + beside.width / 2 - (frame.left + frame.width / 2);
}
