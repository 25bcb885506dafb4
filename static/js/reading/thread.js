// An open conversation: answers that others made public, or wrote for one's group, come by themselves.

import { News, tell } from "./news.js";
import { lay } from "./renew.js";

const keyOf = ({ dataset }) => dataset.uid;

export function start(thread) {
  const { address, state, version } = thread.dataset;
  return new News({ address: address ?? state, isOwn: !address, version, changed: () => renew(thread) });
}

/** The conversation as its reader sees it now, which is more than the public page has. */
async function renew(thread) {
  const response = await fetch(location.pathname).catch(() => null);
  if (!response?.ok) return false;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const below = thread.nextElementSibling;
  const before = below?.getBoundingClientRect().top;
  const { came, all } = lay(thread, page.querySelector("[data-thread]"), keyOf, (a, b) => a.textContent === b.textContent);
  // Who reads or writes below goes on at the same place.
  if (before < innerHeight) scrollBy({ top: below.getBoundingClientRect().top - before, behavior: "instant" });
  if (came.length) tell("new-notes", `${came.length}`, { show: () => came[0].scrollIntoView({ block: "center" }) });
  return all;
}
