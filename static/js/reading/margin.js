// The notes in the margin: each beside its words, none over another, the text never moves.

import { stack } from "../dom/placement.js";
import { calm, isWide } from "../dom/parts.js";
import { paint } from "../dom/paint.js";

export class Margin {
  constructor(aside, places) {
    this.aside = aside;
    this.places = places;
    this.lit = [];
    const again = () => this.place();
    new ResizeObserver(again).observe(document.querySelector("#reading .text"));
    aside.addEventListener("toggle", again, true);
    document.fonts.ready.then(again);
    aside.addEventListener("pointerover", (event) => this.show(event.target.closest(".note")));
    aside.addEventListener("pointerleave", () => this.show(null));
    this.place();
  }

  /** Notes with their places, in reading order; those of a layer that is switched off do not count. */
  get notes() {
    return [...this.aside.querySelectorAll(":scope > [data-start]")]
      .filter((element) => element.offsetHeight)
      .map((element) => ({ element, start: Number(element.dataset.start), end: Number(element.dataset.end) }))
      .sort((a, b) => a.start - b.start);
  }

  /** Puts every note at the height of its words. Reads all, then writes all. */
  place() {
    if (!isWide()) return;
    const notes = this.notes;
    const zero = this.aside.getBoundingClientRect().top;
    const wanted = notes.map((note) => ({ top: this.heightOf(note) - zero, height: note.element.offsetHeight }));
    const lit = notes.findIndex((note) => this.lit.includes(note.element));
    const tops = stack(wanted, this.aside.offsetHeight, lit);
    notes.forEach(({ element }, i) => {
      element.style.setProperty("--y", `${Math.round(tops[i])}px`);
      element.classList.add("placed");
    });
    const last = notes.length ? tops.at(-1) + wanted.at(-1).height : 0;
    if (last > this.aside.offsetHeight) this.aside.style.minBlockSize = `${Math.round(last)}px`;
    document.documentElement.dataset.notesPlaced = "";
  }

  heightOf({ start, end }) {
    return this.places.ranges({ start, end })[0]?.getClientRects()[0]?.top ?? 0;
  }

  /** The notes carried in the margin that lie at code point `at`. */
  at(at) {
    return this.notes.filter((note) => note.start <= at && at < note.end).map((note) => note.element);
  }

  /** Lights these notes and their words, brings them to their place; none puts all out. */
  light(elements) {
    for (const old of this.lit) old.classList.remove("lit");
    this.lit = elements;
    for (const element of elements) element.classList.add("lit");
    this.show(null);
    this.place();
    const box = elements[0]?.getBoundingClientRect();
    if (box && (box.top < 60 || box.bottom > innerHeight)) {
      elements[0].scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" });
    }
  }

  /** Paints the words of the lit notes, and of the one under the pointer. */
  show(hovered) {
    const shown = hovered?.dataset.start ? [...this.lit, hovered] : this.lit;
    paint("lit", shown.map(({ dataset }) => ({ start: Number(dataset.start), end: Number(dataset.end) })), this.places);
  }
}
