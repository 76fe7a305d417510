// A text that is marked: where its letters, words and code points begin, and where they are on the page.
// Scripts count UTF-16 units (here: places), values count code points (here: points). A letter is what people take
// for one: a grapheme cluster, so that no accent, flag or family is ever cut.

function segmenter(language, granularity) {
  try {
    return new Intl.Segmenter(language || undefined, { granularity });
  } catch {
    return new Intl.Segmenter(undefined, { granularity }); // the language's tag is unknown to the browser
  }
}

export const canSegment = typeof Intl.Segmenter === "function";

export class MarkedText {
  constructor(text, language) {
    this.text = text;
    this.length = text.length;
    this.places = []; // place of each point, and of the end
    this.points = new Map();
    for (let place = 0; place <= text.length; place += text.codePointAt(place) > 0xffff ? 2 : 1) {
      this.points.set(place, this.places.length);
      this.places.push(place);
    }
    const letters = [...segmenter(language, "grapheme").segment(text)].map((letter) => letter.index);
    this.letters = text ? [...letters, text.length] : [0];
    this.language = language;
  }

  get words() {
    this.found ??= [...segmenter(this.language, "word").segment(this.text)]
      .filter((word) => word.isWordLike)
      .map((word) => ({ start: word.index, end: word.index + word.segment.length }));
    return this.found;
  }

  slice({ start, end }) {
    return this.text.slice(start, end);
  }

  toPoints({ start, end }) {
    return { start: this.points.get(start), end: this.points.get(end) };
  }

  // Null for what is not in this text.
  toPlaces({ start, end }) {
    const inside = Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start < end;
    return inside && end < this.places.length ? { start: this.places[start], end: this.places[end] } : null;
  }

  // The letter that holds a place, by its number.
  letterAt(place) {
    let [low, high] = [0, this.letters.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.letters[middle] <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  // Whole letters, without the spaces around them; null where nothing else is left.
  snapped(start, end) {
    let first = this.letterAt(Math.min(start, end));
    let last = this.letterAt(Math.max(start, end));
    if (this.letters[last] < Math.max(start, end)) last += 1;
    const blank = (index) => !this.text.slice(this.letters[index], this.letters[index + 1]).trim();
    while (first < last && blank(first)) first += 1;
    while (first < last && blank(last - 1)) last -= 1;
    return first < last ? { start: this.letters[first], end: this.letters[last] } : null;
  }

  step(place, by) {
    const index = this.letterAt(place) + by;
    return this.letters[Math.min(Math.max(index, 0), this.letters.length - 1)];
  }

  // To the end of a word forwards, to its beginning backwards.
  stepWord(place, by) {
    if (by > 0) return this.words.find((word) => word.end > place)?.end ?? this.length;
    return this.words.findLast((word) => word.start < place)?.start ?? 0;
  }

  wordsAt(place) {
    return this.words.filter((word) => word.start <= place && place <= word.end);
  }
}

// --- Between places and the page. What is drawn into the text (labels) is generated, so that it holds the text alone.

export function placeOf(element, node, offset) {
  const range = document.createRange();
  range.selectNodeContents(element);
  if (range.comparePoint(node, offset) < 0) return 0;
  if (range.comparePoint(node, offset) > 0) return element.textContent.length;
  range.setEnd(node, offset);
  return range.toString().length;
}

export function rangeOf(element, { start, end }) {
  const range = document.createRange();
  range.selectNodeContents(element);
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let from = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const to = from + node.data.length;
    if (from <= start && start < to) range.setStart(node, start - from);
    if (from < end && end <= to) range.setEnd(node, end - from);
    from = to;
  }
  if (start === end) range.collapse(true);
  return range;
}

export function placeAt(element, x, y) {
  const found = document.caretPositionFromPoint?.(x, y);
  const range = found ? null : document.caretRangeFromPoint?.(x, y);
  const [node, offset] = found ? [found.offsetNode, found.offset] : [range?.startContainer, range?.startOffset];
  return node && element.contains(node) ? placeOf(element, node, offset) : null;
}

export function covers(element, part, x, y) {
  const boxes = [...rangeOf(element, part).getClientRects()];
  return boxes.some((box) => box.left <= x && x <= box.right && box.top - 4 <= y && y <= box.bottom + 4);
}
