// Places in a text, in code points, half-open. The twin of reader/text/selectors.py.

import { toUnits } from "./codepoints.js";

export const CONTEXT = 32;

/** The words of `text` at [start, end). */
export const wordsAt = (text, start, end) => text.slice(toUnits(text, start), toUnits(text, end));

/** The W3C quote of [start, end): the exact words with up to CONTEXT code points either side. */
export const quoteAt = (text, start, end) => ({
  exact: wordsAt(text, start, end),
  prefix: wordsAt(text, Math.max(0, start - CONTEXT), start),
  suffix: wordsAt(text, end, end + CONTEXT),
});

/** The same place without white space at its ends; null when nothing else is there. */
export function trimmed(text, start, end) {
  const words = wordsAt(text, start, end);
  const left = words.length - words.trimStart().length; // white space is never astral: units are points here
  const right = words.length - words.trimEnd().length;
  return words.trim() ? { start: start + left, end: end - right } : null;
}

/** True when [a.start, a.end) and [b.start, b.end) share a code point. */
export const overlap = (a, b) => a.start < b.end && b.start < a.end;
