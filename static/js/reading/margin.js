// The notes in the margin: each beside its words, none over another; the text never moves.

import { stack } from "../dom/placement.js";
import { behavior, html, isWide } from "../dom/parts.js";

const spanOf = ({ dataset }) => ({ start: +dataset.start, end: +dataset.end });

export class Margin {
  lit = [];

  constructor(aside, places) {
    Object.assign(this, { aside, places });
    const again = () => this.place();
    new ResizeObserver(again).observe(document.querySelector("#reading .text"));
    aside.addEventListener("toggle", again, true);
    document.fonts.ready.then(again);
    aside.onpointerover = ({ target }) => this.show(target.closest(".note"));
    aside.onpointerleave = () => this.show();
    this.place();
  }

  /** The elements of the notes with a place, in reading order; those of a layer that is switched off do not count. */
  get notes() {
    const placed = [...this.aside.querySelectorAll(":scope > [data-start]")].filter((note) => note.offsetHeight);
    return placed.sort((a, b) => a.dataset.start - b.dataset.start);
  }

  /** Puts every note at the height of its words: reads all, then writes all. */
  place() {
    if (!isWide()) return;
    const { aside, notes } = this;
    const zero = aside.getBoundingClientRect().top;
    const heightOf = (note) => this.places.ranges(spanOf(note))[0]?.getClientRects()[0]?.top ?? zero;
    const wanted = notes.map((note) => ({ top: heightOf(note) - zero, height: note.offsetHeight }));
    const room = aside.offsetHeight;
    const tops = stack(wanted, room, notes.indexOf(this.lit[0]));
    notes.forEach((note, i) => {
      note.style.translate = `0 ${Math.round(tops[i])}px`;
      note.classList.add("placed");
    });
    const last = notes.length && Math.round(tops.at(-1) + wanted.at(-1).height);
    if (last > room) aside.style.minBlockSize = `${last}px`;
    html.dataset.notesPlaced = "";
  }

  /** The notes carried here that touch [start, end). */
  over(start, end) {
    return this.notes.filter((note) => note.dataset.start < end && start < note.dataset.end);
  }

  /** Lights these notes and their words and brings them to their place; none puts all out. */
  light(notes) {
    for (const note of this.lit) note.classList.remove("lit");
    for (const note of notes) note.classList.add("lit");
    this.lit = notes;
    this.show();
    this.place();
    const box = notes[0]?.getBoundingClientRect();
    if (box?.top < 60 || box?.bottom > innerHeight) notes[0].scrollIntoView({ block: "nearest", behavior: behavior() });
  }

  /** After other notes came: what is lit stays lit, and everything has its place again. */
  renew() {
    const uids = this.lit.map(({ dataset }) => dataset.uid);
    this.lit = this.notes.filter(({ dataset }) => uids.includes(dataset.uid));
    for (const note of this.lit) note.classList.add("lit");
    this.show();
    this.place();
  }

  /** Paints the words of the lit notes, and of the one under the pointer. */
  show(hovered) {
    this.places.paint("lit", [...this.lit, ...(hovered?.dataset.start ? [hovered] : [])].map(spanOf));
  }
}
