import { Panel } from "./panel.js";

/** Notes and the composer where there is no margin for them: at the bottom of the window. */
export class Sheet extends Panel {
  static chrome = "sheet";

  place() {} // by the style sheet

  /** Shows `content` in a new sheet in place of the one before. */
  static open(content, { label, opener }) {
    for (const panel of Panel.all()) if (panel instanceof Sheet) panel.close();
    const sheet = document.createElement("civ-sheet");
    sheet.show(content, { label, opener });
    return sheet;
  }
}
