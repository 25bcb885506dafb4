// What comes after the page: one's own notes, in no shared cache, and word that others wrote new ones.

import { html, isPerson, say } from "../dom/parts.js";

const EVERY = 60_000;
let known;

export class Mine {
  notes = [];

  constructor(reading, places) {
    Object.assign(this, { address: reading.dataset.mine, places });
    this.refresh();
  }

  async refresh() {
    const response = isPerson() && (await fetch(this.address).catch(() => null));
    if (response?.ok) this.notes = (await response.json()).notes;
    this.paint();
  }

  paint() {
    const shown = html.dataset.hide.includes("mine") ? [] : this.notes;
    const waits = ({ state }) => state === "pending";
    this.places.paint("mine", shown.filter((note) => !waits(note)));
    this.places.paint("mine-waiting", shown.filter(waits));
  }

  /** One's own notes that touch [start, end). */
  over(start, end) {
    return this.notes.filter((note) => note.start < end && start < note.end);
  }
}

/** The version of the public page, by a conditional request: cheap while the browser's copy is the newest. */
async function version() {
  const response = await fetch(location.pathname, { credentials: "omit", cache: "no-cache" }).catch(() => null);
  return response?.ok ? response.headers.get("ETag") : known;
}

async function look() {
  if (document.hidden) return;
  const now = await version();
  if (known && now !== known) say("new-notes", null, { show: () => location.reload() });
  known ??= now;
}

/** Takes the page for known as it is now: what is new was written here. */
export const knowAgain = async () => (known = await version());

export function watch() {
  setTimeout(look, 3000);
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
}
