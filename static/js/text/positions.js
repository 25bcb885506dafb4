// Places in a text: Unicode code points, half-open. Browsers count UTF-16 units; this is the edge where they meet.
// The twin of reader/text/normalise.py and selectors.py; tests/vectors/ proves that they agree.

export const CONTEXT = 32;

/** The text of a revision: its paragraphs' texts, one blank line between them. */
export const join = (paragraphs) => paragraphs.join("\n\n");

/** How many code points stand before unit `units` of `text`; a place inside a pair counts as before it. */
export function toPoints(text, units) {
  let points = 0;
  for (let at = 0; at < text.length; points++) {
    at += text.codePointAt(at) > 0xffff ? 2 : 1;
    if (at > units) break;
  }
  return points;
}

/** The unit of `text` at which its code point number `points` begins. */
export function toUnits(text, points) {
  let at = 0;
  while (points-- > 0 && at < text.length) at += text.codePointAt(at) > 0xffff ? 2 : 1;
  return at;
}

/** How many code points `text` has. */
export const count = (text) => toPoints(text, text.length);

/** The words of `text` at [start, end). */
export const wordsAt = (text, start, end) => text.slice(toUnits(text, start), toUnits(text, end));

/** The W3C quote of [start, end): its words, with up to CONTEXT code points either side. */
export const quoteAt = (text, start, end) => ({
  exact: wordsAt(text, start, end),
  prefix: wordsAt(text, Math.max(0, start - CONTEXT), start),
  suffix: wordsAt(text, end, end + CONTEXT),
});

/** The same place without white space at its ends; null when nothing else is there. */
export function trimmed(text, start, end) {
  const words = wordsAt(text, start, end);
  const left = words.length - words.trimStart().length; // white space is never astral: its units are points
  const right = words.length - words.trimEnd().length;
  return words.trim() ? { start: start + left, end: end - right } : null;
}
