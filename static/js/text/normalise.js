// What the text of a revision is. The twin of reader/text/normalise.py.

import { count } from "./codepoints.js";

export const SEPARATOR = "\n\n";

/** The text of a revision: its paragraphs' texts with one blank line between them. */
export const join = (paragraphs) => paragraphs.join(SEPARATOR);

/** Where each paragraph begins in `join(paragraphs)`, in code points. */
export function starts(paragraphs) {
  let at = 0;
  return paragraphs.map((text) => {
    const start = at;
    at += count(text) + SEPARATOR.length;
    return start;
  });
}
