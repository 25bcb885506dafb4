// Positions are Unicode code points everywhere but inside the browser, which counts UTF-16 units.

const HIGH = /[\ud800-\udbff][\udc00-\udfff]/;

/** True when units and points are the same for this text, as they are for most paragraphs. */
const isFlat = (text) => !HIGH.test(text);

/** How many code points there are before unit `units` of `text`; inside a pair counts as before it. */
export function toPoints(text, units) {
  if (isFlat(text)) return Math.max(0, Math.min(units, text.length));
  let points = 0;
  for (let at = 0; at < text.length; points++) {
    at += text.codePointAt(at) > 0xffff ? 2 : 1;
    if (at > units) break;
  }
  return points;
}

/** The unit of `text` at which its code point number `points` begins. */
export function toUnits(text, points) {
  if (isFlat(text)) return Math.max(0, Math.min(points, text.length));
  let at = 0;
  while (points-- > 0 && at < text.length) at += text.codePointAt(at) > 0xffff ? 2 : 1;
  return at;
}

/** How many code points `text` has. */
export const count = (text) => toPoints(text, text.length);
