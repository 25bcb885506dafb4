// Addresses that name words: https://wicg.github.io/scroll-to-text-fragment/

const encode = (words) => encodeURIComponent(words).replaceAll("-", "%2D");
const LONGEST = 80;
const ENDS = 4; // words given of each end of a long passage
const MOST_AROUND = 12; // words either side, where fewer would name another place as well

/** `text` in words as browsers cut it, which find a fragment only from one edge of a word to another. */
function wordsOf(text) {
  const segments = new Intl.Segmenter(undefined, { granularity: "word" }).segment(text);
  return [...segments].map(({ segment, index }) => ({ start: index, end: index + segment.length }));
}

/**
 * The fragment directive for the words between two UTF-16 units of `text`, with as much of what stands around them in
 * their paragraph as no other place has. Of half a word the whole is named.
 */
export function textFragment(text, start, end) {
  const words = wordsOf(text);
  const from = words.findLast((word) => word.start <= start)?.start ?? 0;
  const to = words.find((word) => word.end >= end)?.end ?? text.length;
  const exact = text.slice(from, to);
  const pieces = exact.split(/\s+/);
  const long = (exact.length > LONGEST || exact.includes("\n")) && pieces.length >= 2 * ENDS;
  const [first, last] = [pieces.slice(0, ENDS).join(" "), pieces.slice(-ENDS).join(" ")];
  const { before, after } = around(text, from, to);
  const named = long ? `${encode(first)},${encode(last)}` : encode(exact);
  return `:~:text=${before && !long ? `${encode(before)}-,` : ""}${named}${after && !long ? `,-${encode(after)}` : ""}`;
}

/** The words either side, one or as many as it takes to be at one place alone; none from another paragraph. */
function around(text, from, to) {
  const left = text.slice(0, from).split("\n").at(-1).trim().split(/\s+/).filter(Boolean);
  const right = text.slice(to).split("\n")[0].trim().split(/\s+/).filter(Boolean);
  for (let count = 1; ; count++) {
    const [before, after] = [left.slice(-count).join(" "), right.slice(0, count).join(" ")];
    const whole = text.slice(before ? text.lastIndexOf(before, from) : from, after ? text.indexOf(after, to) + after.length : to);
    const alone = text.indexOf(whole) === text.lastIndexOf(whole);
    if (alone || count === MOST_AROUND || count > Math.max(left.length, right.length)) return { before, after };
  }
}
