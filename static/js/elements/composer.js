import { fetchPart, focus, isWide, part } from "../dom/parts.js";
import { assist, keepDraft, valuesOf } from "../writing/forms.js";
import { Panel } from "./panel.js";

/** The form for a note, in the margin beside its words or in the sheet. Events: `send`, `closed`. */
export class Composer extends HTMLElement {
  /** Opens it for `record` ({ start, end, motivation }), kept by `draft`. Throws when the form cannot be had. */
  static async open(page, record, draft) {
    const { start, end, motivation } = record;
    const form = await fetchPart(`${page.reading.dataset.annotate}?${new URLSearchParams({ start, end, motivation })}`, true);
    document.querySelector("civ-composer")?.close();
    const composer = document.createElement("civ-composer");
    Object.assign(composer, { margin: page.margin, home: page.places.paragraphAt(start) });
    composer.append(form);
    composer.equip(draft);
    composer.put(start, end);
    return composer;
  }

  equip(draft) {
    const form = (this.form = this.querySelector("form"));
    assist(form);
    keepDraft(form, draft);
    form.onsubmit = (event) => {
      event.preventDefault();
      this.dispatchEvent(new CustomEvent("send", { detail: valuesOf(form) }));
    };
    form.querySelector(".cancel").onclick = (event) => {
      event.preventDefault();
      this.close();
    };
    this.onkeydown = (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
      if (event.key !== "Escape") return;
      event.preventDefault();
      this.close();
    };
  }

  put(start, end) {
    const label = part("writing").textContent;
    if (isWide()) {
      this.className = "note m";
      this.role = "group";
      this.ariaLabel = label;
      Object.assign(this.dataset, { start, end });
      this.margin.aside.append(this);
      this.margin.light([this]);
      new ResizeObserver(() => this.margin.place()).observe(this);
    } else {
      Panel.closeAll();
      this.sheet = document.createElement("civ-sheet");
      this.sheet.pinned = true; // a touch beside it does not take the words away
      this.sheet.addEventListener("closed", () => this.close());
      this.sheet.show(this, { label, opener: this.home });
    }
    focus(this.form.elements.body);
  }

  set busy(yes) {
    for (const button of this.form.querySelectorAll(".acts button")) button.disabled = yes;
  }

  close() {
    if (this.closed) return;
    this.closed = true;
    this.sheet?.close();
    this.remove();
    this.margin.light([]);
    focus(this.home);
    this.dispatchEvent(new Event("closed"));
  }
}
