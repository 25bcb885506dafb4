import { beside } from "../dom/placement.js";
import { html, memory, part } from "../dom/parts.js";

const WHO = "civdip:who";
const FOR_HANDLES = 28; // room for what a touch screen draws below a selection

/** What can be done with the selected words, beside them. Tells by an event `act` what was chosen. */
export class Toolbar extends HTMLElement {
  connectedCallback() {
    if (this.firstChild) return;
    this.append(part("toolbar"));
    this.setAttribute("role", "toolbar");
    this.setAttribute("aria-label", this.querySelector("[data-name]").dataset.name);
    this.setAttribute("popover", "manual");
    this.onpointerdown = (event) => event.preventDefault(); // the selection stays
    this.onclick = ({ target }) => this.act(target.closest("button")?.dataset.act);
    this.onkeydown = (event) => this.walk(event);
  }

  /** Offers the reader's groups beside «only me» and «everyone»; `groups` are { audience, name }. */
  offer(groups) {
    if (groups === this.groups) return;
    this.groups = groups;
    this.who = memory.get(WHO) ?? "private";
    for (const old of this.querySelectorAll("[data-who^='group:']")) old.remove();
    for (const { audience, name } of groups) {
      const words = document.createElement("span");
      words.dataset.who = audience;
      words.textContent = name;
      this.querySelector("[data-who='public']").before(words);
    }
    this.showWho();
  }

  /** Above the range; below it on touch screens, which have a bar of their own above. */
  show(range, paragraph, groups) {
    if (this.parentNode !== paragraph.parentNode) {
      this.hide();
      paragraph.after(this); // so that the Tab key finds it after the words
    }
    this.offer(groups);
    if (!this.isOpen) this.showPopover?.();
    this.isOpen = true;
    const touch = matchMedia("(pointer: coarse)").matches;
    const boxes = range.getClientRects();
    const { left: x, top: y, bottom } = boxes[touch ? boxes.length - 1 : 0];
    const near = { left: x, top: y, bottom: bottom + (touch ? FOR_HANDLES : 0) };
    const room = { width: html.clientWidth, height: innerHeight };
    const { left, top } = beside(near, this.getBoundingClientRect(), room, !touch);
    this.style.left = `${left + scrollX}px`;
    this.style.top = `${top + scrollY}px`;
  }

  hide() {
    if (this.isOpen) this.hidePopover?.();
    this.isOpen = false;
  }

  act(what) {
    if (what !== "who") return what && this.dispatchEvent(new CustomEvent("act", { detail: what }));
    const choices = [...this.querySelectorAll("[data-who]")].map(({ dataset }) => dataset.who);
    this.who = choices[(choices.indexOf(this.who) + 1) % choices.length];
    memory.set(WHO, this.who);
    return this.showWho();
  }

  showWho() {
    const choices = [...this.querySelectorAll("[data-who]")];
    if (!choices.some(({ dataset }) => dataset.who === this.who)) this.who = "private"; // a group one has left
    for (const words of choices) words.hidden = words.dataset.who !== this.who;
  }

  /** Arrow keys walk from button to button, as in every toolbar. */
  walk(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const buttons = [...this.querySelectorAll("button")];
    if (step) buttons.at((buttons.indexOf(document.activeElement) + step) % buttons.length).focus();
  }
}
