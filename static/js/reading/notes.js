// From words to the notes on them: lit in the margin where they are there, else fetched into the sheet.

import { fetchPart, focus, isPlain, isWide, part } from "../dom/parts.js";
import { Panel } from "../elements/panel.js";

export class Notes {
  constructor(reading, margin, mine) {
    Object.assign(this, { address: reading.dataset.notes, margin, mine, places: margin.places });
    const text = reading.querySelector(".text");
    text.addEventListener("click", (event) => isPlain(event) && this.clicked(event));
    text.addEventListener("notes", ({ target }) => this.openAt(this.places.positionOf(target, 0), target, true)); // a card asks
    margin.aside.addEventListener("click", ({ target }) => {
      const note = target.closest(".note[data-start]");
      if (note && !target.closest("a, button, summary, form")) margin.light([note]);
    });
    document.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && this.leave());
    addEventListener("hashchange", () => this.lightHash());
    this.lightHash();
  }

  clicked(event) {
    const { target } = event;
    const link = target.closest(".noteref, a.all");
    if (link) {
      event.preventDefault();
      if (link.matches(".all")) return this.openParagraph(link);
      const note = document.getElementById(link.hash.slice(1));
      return this.openAt(note.dataset.end - 1, link, note);
    }
    if (target.closest("a, button") || !getSelection().isCollapsed) return;
    const mark = target.closest("mark");
    const at = this.places.under(event.clientX, event.clientY, mark);
    if (at !== null && (mark || this.mine.over(at, at + 1).length)) this.openAt(at, target.closest(".p"));
    else this.margin.light([]);
  }

  openAt(at, opener, wanted) {
    return this.open({ start: at, end: at + 1 }, `at=${at}`, opener, wanted);
  }

  openParagraph(link) {
    const { paragraph: number } = link.dataset;
    const paragraph = this.places.paragraphs.find((p) => p.element.dataset.number === number);
    this.places.nodesOf(paragraph);
    return this.open(paragraph, `paragraph=${number}`, link, true);
  }

  /** Shows every note over [start, end). `opener` gets the focus back; what was opened by key passes it on. */
  open({ start, end }, query, opener, wanted) {
    const carried = this.margin.over(start, end);
    const uids = carried.map((note) => note.dataset.uid);
    const all = !this.margin.aside.querySelector(".more") && this.mine.over(start, end).every(({ uid }) => uids.includes(uid));
    if (!isWide() || !carried.length || !all) return this.openSheet(query, opener, carried);
    Panel.closeAll();
    this.opener = opener;
    this.margin.light(carried);
    if (wanted) focus(wanted === true ? carried[0] : wanted);
  }

  /** Escape: out with the light, back with the focus. */
  leave() {
    if (this.margin.aside.contains(document.activeElement)) focus(this.opener);
    this.margin.light([]);
  }

  async openSheet(query, opener, carried) {
    let content;
    try {
      content = await fetchPart(`${this.address}?${query}`);
    } catch {
      content = part("unreachable");
      content.prepend(...carried.map((note) => note.cloneNode(true)));
    }
    this.margin.light([]);
    Panel.closeAll();
    document.createElement("civ-sheet").show(content, { label: part("notes-here").textContent, opener });
  }

  /** #note-<uid>, as links from elsewhere have it. */
  lightHash() {
    const note = location.hash.startsWith("#note-") && document.getElementById(location.hash.slice(1));
    if (!note?.dataset?.start) return;
    if (isWide()) this.margin.light([note]);
    else this.openAt(note.dataset.end - 1, this.places.paragraphAt(note.dataset.start));
  }
}
