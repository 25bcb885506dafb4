// Where j and k lead: to items that are still to be decided.

/** The item `step` (1 or -1) from `from`, past those that are done; the first one from nowhere; null at the end. */
export function next(items, from, step) {
  let at = from ? items.indexOf(from) : step > 0 ? -1 : items.length;
  for (at += step; at >= 0 && at < items.length; at += step) {
    if (!items[at].classList.contains("done")) return items[at];
  }
  return null;
}
