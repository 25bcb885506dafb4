// An open page learns of new notes: a conditional request for its public part, now and then, while it is seen.

import { say } from "../dom/parts.js";

const EVERY = 60_000;
let known;

/** The version of the public page; 304 from the server when it is the one the browser has. */
async function version() {
  const response = await fetch(location.pathname, { credentials: "omit", cache: "no-cache" });
  return response.ok ? response.headers.get("ETag") : null;
}

async function look() {
  if (document.visibilityState !== "visible") return;
  const now = await version().catch(() => null);
  if (now && known && now !== known) say("new-notes", null, { show: () => location.reload() });
  known ??= now;
}

/** Forget what was known, after one's own note changed it. */
export async function knowAgain() {
  known = await version().catch(() => known);
}

export function watch() {
  setTimeout(look, 3000);
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
}
