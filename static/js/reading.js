// The reading page. What writing needs is loaded with the first selection.

import { Places } from "./dom/places.js";
import { memory } from "./dom/parts.js";
import { Card, openCards } from "./elements/card.js";
import { Panel } from "./elements/panel.js";
import { Reference, openReferences } from "./elements/reference.js";
import { Margin } from "./reading/margin.js";
import { Mine, watch } from "./reading/news.js";
import { Notes } from "./reading/notes.js";
import { apply, followReader, showProgress, switchLayers } from "./reading/rail.js";

customElements.define("civ-card", Card);
customElements.define("civ-reference", Reference);
customElements.define("civ-sheet", class extends Panel {});

/** Starts the reading page in its element, `article#reading`. */
export function start(reading) {
  const text = reading.querySelector(".text");
  const places = new Places(text);
  const margin = new Margin(reading.querySelector(".notes"), places);
  const mine = new Mine(reading, places);
  const notes = new Notes(reading, margin, mine);
  switchLayers(reading.querySelector("[data-layers]"), () => {
    mine.paint();
    margin.place();
  });
  showProgress(document.querySelector("[data-progress]"), text);
  followReader(reading.querySelector(".rail"), text.querySelectorAll(".para"));
  openCards();
  openReferences();
  const page = { reading, text, places, margin, mine, notes };
  page.news = watch(page, () => {
    apply();
    text.dispatchEvent(new Event("renewed"));
  });
  writeLater(page);
}

/** Writing: when words are selected, or when something that was written here is not saved yet. */
function writeLater(page) {
  let writing;
  const write = () => {
    writing ??= import("./writing.js").then((module) => module.start(page));
    writing.catch(() => (writing = null)); // no answer: the next selection asks again
  };
  document.addEventListener("selectionchange", () => {
    const { isCollapsed, anchorNode } = getSelection();
    if (!writing && !isCollapsed && page.text.contains(anchorNode)) write();
  });
  if (memory.keys(`civdip:draft:${page.reading.dataset.slug}:`).length) write();
}
