import { beside } from "../dom/placement.js";
import { part } from "../dom/parts.js";

const WHO = "civdip:who";
const FOR_HANDLES = 28; // room for what a touch screen draws below a selection

/** What can be done with the selected words, beside them. */
export class Toolbar extends HTMLElement {
  constructor() {
    super();
    this.who = "private";
    try {
      this.who = localStorage.getItem(WHO) === "public" ? "public" : "private";
    } catch {} // storage is forbidden: only me
  }

  connectedCallback() {
    if (this.firstChild) return;
    this.append(part("toolbar"));
    this.setAttribute("role", "toolbar");
    this.setAttribute("aria-label", this.querySelector("[data-name]").dataset.name);
    this.setAttribute("popover", "manual");
    this.addEventListener("pointerdown", (event) => event.preventDefault()); // the selection stays
    this.addEventListener("click", (event) => this.act(event.target.closest("button")?.dataset.act));
    this.addEventListener("keydown", (event) => this.walk(event));
    this.showWho();
  }

  /** Beside the range: above it, but below on touch screens, which have a bar of their own above. */
  show(range, after) {
    if (this.parentNode !== after.parentNode) {
      this.hide();
      after.after(this);
    }
    if (!this.isOpen) this.showPopover?.();
    this.isOpen = true;
    const touch = matchMedia("(pointer: coarse)").matches;
    const boxes = [...range.getClientRects()];
    const box = (touch ? boxes.at(-1) : boxes[0]) ?? range.getBoundingClientRect();
    const near = { left: box.left, right: box.right, top: box.top, bottom: box.bottom + (touch ? FOR_HANDLES : 0) };
    const room = { width: document.documentElement.clientWidth, height: innerHeight };
    const { left, top } = beside(near, this.getBoundingClientRect(), room, { above: !touch });
    this.style.left = `${left + scrollX}px`;
    this.style.top = `${top + scrollY}px`;
  }

  hide() {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.hidePopover?.();
  }

  act(what) {
    if (what === "who") this.turnWho();
    else if (what) this.dispatchEvent(new CustomEvent("act", { detail: what }));
  }

  turnWho() {
    this.who = this.who === "public" ? "private" : "public";
    try {
      localStorage.setItem(WHO, this.who);
    } catch {} // storage is forbidden: it holds until the page is left
    this.showWho();
  }

  showWho() {
    for (const words of this.querySelectorAll("[data-who]")) words.hidden = words.dataset.who !== this.who;
  }

  /** Arrow keys walk from button to button, as in every toolbar. */
  walk(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = [...this.querySelectorAll("button")];
    buttons.at((buttons.indexOf(document.activeElement) + step) % buttons.length).focus();
  }
}
