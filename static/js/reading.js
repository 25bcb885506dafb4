// The reading page. What writing needs is loaded with the first selection.

import { Places } from "./dom/places.js";
import { Card, openCards } from "./elements/card.js";
import { Reference, openReferences } from "./elements/reference.js";
import { Sheet } from "./elements/sheet.js";
import { watch } from "./reading/fresh.js";
import { switchLayers } from "./reading/layers.js";
import { Margin } from "./reading/margin.js";
import { Mine } from "./reading/mine.js";
import { Notes } from "./reading/notes.js";
import { followReader, showProgress } from "./reading/rail.js";

customElements.define("civ-card", Card);
customElements.define("civ-sheet", Sheet);
customElements.define("civ-reference", Reference);

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
  followReader(reading.querySelector(".rail"), [...text.querySelectorAll(".para")]);
  openCards();
  openReferences();
  watch();
  writeLater({ reading, text, places, margin, mine, notes });
}

/** Writing: when words are selected, or when something that was written here is not saved yet. */
function writeLater(page) {
  let writing;
  const write = () => (writing ??= import("./writing.js").then((module) => module.start(page)));
  const selected = () => {
    const selection = getSelection();
    if (!selection.isCollapsed && page.text.contains(selection.anchorNode)) {
      document.removeEventListener("selectionchange", selected);
      write();
    }
  };
  document.addEventListener("selectionchange", selected);
  if (hasDrafts(page.reading.dataset.slug)) write();
}

function hasDrafts(slug) {
  try {
    return Object.keys(localStorage).some((key) => key.startsWith(`civdip:draft:${slug}:`));
  } catch {
    return false;
  }
}
