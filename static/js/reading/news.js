// What comes after the page: one's own notes and those of one's groups, in no shared cache, and word that others wrote new ones.

import { html, isPerson, say } from "../dom/parts.js";

const A_MOMENT = 5_000; // until what somebody was busy with is tried again
const EVERY = 60_000;
const LONGEST = 16 * EVERY; // between two questions to a site that does not answer
const LAYER_OF = { group: "groups", pending: "mine-waiting" };

export class Mine {
  notes = [];
  groups = [];

  constructor(reading, places) {
    Object.assign(this, { address: reading.dataset.mine, places });
    this.refresh();
  }

  async refresh() {
    const known = this.tag ? { "If-None-Match": this.tag } : {};
    const response = isPerson() && (await fetch(this.address, { headers: known }).catch(() => null));
    if (response?.ok) Object.assign(this, await response.json(), { tag: response.headers.get("ETag") });
    html.toggleAttribute("data-groups", this.groups.length > 0);
    this.paint();
  }

  paint() {
    const layers = { groups: [], mine: [], "mine-waiting": [] };
    for (const note of this.notes) layers[LAYER_OF[note.state] ?? "mine"].push(note);
    for (const [name, notes] of Object.entries(layers)) {
      const isHidden = html.dataset.hide.split(" ").includes(name.split("-")[0]);
      this.places.paint(name, isHidden ? [] : notes);
    }
  }

  /** Asks again: what others have written for one's groups since. */
  async news() {
    const known = this.tag && new Set(this.notes.map(({ uid }) => uid));
    await this.refresh();
    return known ? this.notes.filter(({ uid, state }) => state === "group" && !known.has(uid)) : [];
  }

  /** One's own notes and those of one's groups that touch [start, end). */
  over(start, end) {
    return this.notes.filter((note) => note.start < end && start < note.end);
  }
}

/**
 * Asks now and then, while the page is seen, whether the public page at `address` is another than `version`. That costs
 * a 304 as long as it is not. `changed` gets the newer page and says whether all of it was taken in. What `isOwn` is no
 * page, but names the version of what one sees oneself. `besides` is done as often.
 */
export class News {
  failed = 0;

  constructor(asked) {
    Object.assign(this, asked);
    document.addEventListener("visibilitychange", () => document.hidden || this.look());
    this.later();
  }

  later() {
    clearTimeout(this.timer);
    const wait = Math.min(EVERY * 2 ** this.failed, LONGEST);
    this.timer = setTimeout(() => this.look(), this.waiting ? A_MOMENT : wait);
  }

  /** Looks at once; a page that nobody sees waits until it is seen. */
  async look() {
    clearTimeout(this.timer);
    if (document.hidden) return;
    this.asked ??= this.ask().finally(() => (this.asked = null));
    await this.asked;
    this.later();
  }

  async ask() {
    const page = this.waiting ?? (await Promise.all([this.newer(), this.besides?.()]))[0];
    this.waiting = page && !(await this.changed(page)) ? page : null;
  }

  /** The newer page, or nothing. */
  async newer() {
    const known = ["", "br"].map((encoding) => `"${this.version}${encoding}"`).join(", ");
    const asked = { credentials: this.isOwn ? "same-origin" : "omit", headers: { "If-None-Match": known } };
    const response = await fetch(this.address, asked).catch(() => null);
    this.failed = response?.ok || response?.status === 304 ? 0 : this.failed + 1;
    if (!response?.ok) return null;
    const page = this.isOwn ? await response.json() : new DOMParser().parseFromString(await response.text(), "text/html");
    const version = this.isOwn ? response.headers.get("ETag").split('"')[1] : page.querySelector("#reading").dataset.version;
    if (version === this.version) return null;
    this.version = version;
    return page;
  }
}

/** Says what came, unless something that matters more is being said. */
export function tell(name, words, actions) {
  if (!document.querySelector("[data-status] > :not([hidden])")) say(name, words, actions);
}

/** Keeps the public part of a reading page as new as the site's. */
export function watch({ reading, places, margin, mine, notes }, renewed) {
  const changed = async (page) => {
    const { renewPage } = await import("./renew.js");
    const fresh = page.querySelector("#reading").cloneNode(true); // what is laid in is taken out of it
    if (fresh.dataset.revision !== reading.dataset.revision) return !say("new-text", null, { show: () => location.reload() });
    const { came, all } = renewPage(reading, fresh);
    for (const paragraph of places.paragraphs) delete paragraph.nodes;
    margin.renew();
    mine.paint();
    renewed();
    const others = came.filter(({ dataset }) => !mine.notes.some(({ uid }) => uid === dataset.uid));
    if (others.length) tell("new-notes", `${others.length}`, { show: () => (location.hash = others[0].id) });
    return all;
  };
  const besides = async () => {
    const [first, ...more] = isPerson() ? await mine.news() : [];
    const show = () => {
      const element = places.paragraphAt(first.start);
      element.scrollIntoView({ block: "center" });
      notes.openAt(first.start, element);
    };
    if (first) tell("new-notes", `${1 + more.length}`, { show });
  };
  return new News({ address: location.pathname, version: reading.dataset.version, changed, besides });
}
