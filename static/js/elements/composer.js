import { fetchPart, focus, isWide, nodes, part } from "../dom/parts.js";
import { assist, keepDraft, valuesOf } from "../writing/forms.js";
import { Sheet } from "./sheet.js";

/** The form for a note, in the margin beside its words or in the sheet. */
export class Composer extends HTMLElement {
  /**
   * Opens it. Throws when the form cannot be had.
   * @param {object} page what start() of reading.js made
   * @param {{start, end, motivation}} record the place, with what was typed there before
   * @param {{load, save, drop}} draft where it is kept
   */
  static async open(page, record, draft) {
    const query = new URLSearchParams({ start: record.start, end: record.end, motivation: record.motivation });
    const html = await fetchPart(`${page.reading.dataset.annotate}?${query}`);
    document.querySelector("civ-composer")?.close();
    const composer = document.createElement("civ-composer");
    composer.append(nodes(html, { keepIds: true }));
    composer.page = page;
    composer.home = page.places.paragraphAt(record.start).element;
    composer.equip(record, draft);
    composer.put(record);
    return composer;
  }

  equip(record, draft) {
    const form = (this.form = this.querySelector("form"));
    assist(form);
    keepDraft(form, draft);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.dispatchEvent(new CustomEvent("send", { detail: valuesOf(form) }));
    });
    form.querySelector(".cancel").addEventListener("click", (event) => {
      event.preventDefault();
      this.close();
    });
    this.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) {
        event.preventDefault();
        this.close();
      }
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
  }

  put({ start, end }) {
    const label = part("writing").textContent.trim();
    if (isWide()) {
      this.className = "note m lit";
      this.setAttribute("role", "group");
      this.setAttribute("aria-label", label);
      Object.assign(this.dataset, { start, end });
      this.page.margin.aside.append(this);
      this.page.margin.light([this]);
      new ResizeObserver(() => this.page.margin.place()).observe(this);
    } else {
      this.sheet = Sheet.open(this, { label, opener: this.home });
      this.sheet.pinned = true;
      this.sheet.addEventListener("closed", () => this.close());
    }
    focus(this.form.elements.body, {});
  }

  set busy(yes) {
    for (const button of this.form.querySelectorAll(".acts button")) button.disabled = yes;
  }

  close() {
    if (this.closed) return;
    this.closed = true;
    this.sheet?.close();
    this.remove();
    this.page.margin.light([]);
    focus(this.home);
    this.dispatchEvent(new Event("closed"));
  }
}
