// From words to the notes on them: lit in the margin where they are there, else fetched into the sheet.

import { Panel } from "../elements/panel.js";
import { Sheet } from "../elements/sheet.js";
import { fetchPart, focus, isWide, nodes, part } from "../dom/parts.js";

export class Notes {
  constructor(reading, margin, mine) {
    this.address = reading.dataset.notes;
    this.margin = margin;
    this.mine = mine;
    this.places = margin.places;
    reading.querySelector(".text").addEventListener("click", (event) => this.clicked(event));
    margin.aside.addEventListener("click", (event) => this.clickedNote(event));
    addEventListener("hashchange", () => this.lightHash());
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented && margin.lit.length) this.leave();
    });
    this.lightHash();
  }

  clicked(event) {
    const { target } = event;
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const own = target.closest(".noteref, a.all");
    if (own) {
      event.preventDefault();
      if (own.matches(".all")) return this.openParagraph(own);
      const note = document.getElementById(own.hash.slice(1));
      return this.openAt(Number(note?.dataset.end) - 1, own, note);
    }
    if (target.closest("a, button") || !getSelection().isCollapsed) return;
    const mark = target.closest("mark");
    const at = target.closest(".p") && this.places.under(event.clientX, event.clientY, mark);
    if (at !== null && at !== false && (mark || this.mine.at(at).length)) this.openAt(at, target.closest(".p"));
    else this.margin.light([]);
  }

  /** A touch on a note in the margin lights it, for reading its words. */
  clickedNote(event) {
    const note = event.target.closest(".note[data-start]");
    if (note && !event.target.closest("a, button, summary, form")) this.margin.light([note]);
  }

  /** Every note at code point `at`. `opener` gets the focus back; a link pressed by key passes the focus on. */
  openAt(at, opener, wanted) {
    const carried = this.margin.at(at);
    if (isWide() && carried.length && this.carriesAll(carried, this.mine.at(at))) return this.light(carried, opener, wanted);
    return this.openSheet(`${this.address}?at=${at}`, opener, carried);
  }

  openParagraph(link) {
    const number = link.dataset.paragraph;
    const { start, end } = this.spanOf(number);
    const inside = this.margin.notes.filter((note) => start <= note.start && note.start < end).map((n) => n.element);
    const own = this.mine.notes.filter((note) => note.start < end && start < note.end);
    if (isWide() && inside.length && this.carriesAll(inside, own)) return this.light(inside, link, inside[0]);
    return this.openSheet(`${this.address}?paragraph=${number}`, link, inside);
  }

  spanOf(number) {
    const paragraph = this.places.paragraphs.find((p) => p.element.dataset.number === number);
    this.places.nodesOf(paragraph);
    return paragraph;
  }

  /** False when there may be notes that the page does not carry: one's own, or too many. */
  carriesAll(carried, own) {
    const uids = carried.map((note) => note.dataset.uid);
    return !this.margin.aside.querySelector(".more") && own.every(({ uid }) => uids.includes(uid));
  }

  light(elements, opener, wanted) {
    Panel.closeAll();
    this.margin.light(elements);
    this.opener = opener;
    if (wanted) focus(wanted);
  }

  /** Escape: out with the light, back with the focus. */
  leave() {
    if (this.margin.aside.contains(document.activeElement)) focus(this.opener);
    this.margin.light([]);
  }

  async openSheet(address, opener, carried) {
    let content;
    try {
      content = nodes(await fetchPart(address));
    } catch {
      content = new DocumentFragment();
      content.append(...carried.map((note) => note.cloneNode(true)));
      content.append(part("unreachable"));
    }
    this.margin.light([]);
    const label = part("notes-here").textContent.trim();
    Sheet.open(content, { label, opener });
  }

  /** #note-<uid>, as links from elsewhere have it. */
  lightHash() {
    const note = /^#note-/.test(location.hash) && document.getElementById(location.hash.slice(1));
    if (!note || !note.dataset.start) return;
    if (isWide()) this.light([note], null, null);
    else this.openAt(Number(note.dataset.end) - 1, this.places.paragraphAt(Number(note.dataset.start)).element);
  }
}
