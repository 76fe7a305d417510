// <details data-open-wide> starts open where there is room beside the content, closed on a phone.
const wide = matchMedia("(min-width: 62rem)");

function unfold() {
  for (const details of document.querySelectorAll("details[data-open-wide]")) details.open = wide.matches;
}

wide.addEventListener("change", unfold);
unfold();
