// What is one's own alone: fetched after the page, painted over it, in no shared cache.

import { paint } from "../dom/paint.js";

export class Mine {
  constructor(reading, places) {
    this.address = reading.dataset.mine;
    this.places = places;
    this.notes = [];
    this.refresh();
  }

  async refresh() {
    if (!("person" in document.documentElement.dataset)) return;
    try {
      const response = await fetch(this.address, { headers: { Accept: "application/json" } });
      if (response.ok) this.notes = (await response.json()).notes;
    } catch {
      return; // offline: what is painted stays
    }
    this.paint();
  }

  paint() {
    const off = document.documentElement.dataset.hide?.includes("mine");
    const waits = (note) => note.state === "pending";
    paint("mine", off ? [] : this.notes.filter((note) => !waits(note)), this.places);
    paint("mine-waiting", off ? [] : this.notes.filter(waits), this.places);
  }

  at(at) {
    return this.notes.filter((note) => note.start <= at && at < note.end);
  }
}
