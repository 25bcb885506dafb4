import { fetchPart, focus, isPlain } from "../dom/parts.js";
import { Panel } from "./panel.js";

const OPEN_AFTER = 350;
const CLOSE_AFTER = 250;
const kept = new Map(); // address -> the promise of its content
let timer;

/** A context card beside the name that was touched. Cards open from within cards. */
export class Card extends Panel {
  static chrome = "card";

  show(content, options) {
    super.show(content, options);
    this.opener.classList.add("open");
    this.querySelector("[data-act=pin]").onclick = ({ target }) => this.pin(target);
    const notes = this.querySelector("[data-act=notes]");
    notes.hidden = !(this.opener.closest("mark") ?? this.opener.querySelector("mark"));
    notes.onclick = () => this.opener.dispatchEvent(new CustomEvent("notes", { bubbles: true }));
    this.onpointerenter = () => clearTimeout(timer);
    this.onpointerleave = leave;
  }

  pin(button) {
    const { left, top } = this.getBoundingClientRect();
    this.pinned = this.classList.toggle("pinned");
    button.setAttribute("aria-pressed", this.pinned);
    if (this.pinned) this.moveTo(left, top);
    else this.place();
  }

  close(refocus) {
    this.opener.classList.remove("open");
    super.close(refocus);
  }
}

/** The content of a card, fetched once. */
async function load({ href }) {
  if (!kept.has(href)) kept.set(href, fetchPart(href));
  try {
    return (await kept.get(href)).cloneNode(true);
  } catch (error) {
    kept.delete(href);
    throw error;
  }
}

/** Opens the card of a link; when it cannot be had, the link is followed instead. */
async function open(link, line) {
  clearTimeout(timer);
  link.ariaBusy = "true";
  try {
    const content = await load(link);
    const shown = Panel.of(link);
    if (shown) focus(shown);
    else show(link, content, { line });
    if (shown) shown.glance = false;
  } catch {
    location.assign(link.href);
  }
  link.ariaBusy = null;
}

function show(link, content, options) {
  Panel.closeAll(link);
  const label = content.querySelector("h3").textContent;
  document.createElement("civ-card").show(content, { label, opener: link, ...options });
}

/** A glance: after a pause over the link, without taking the focus; never over a sheet in which somebody writes. */
function hover(link, line) {
  const coming = load(link).catch(() => null);
  clearTimeout(timer);
  timer = setTimeout(async () => {
    const content = await coming;
    const writing = document.querySelector("civ-sheet > civ-composer");
    if (content && link.matches(":hover") && !writing && !Panel.of(link)) show(link, content, { glance: true, line });
  }, OPEN_AFTER);
}

function leave() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const top = Panel.top();
    if (top?.glance && !top.pinned && !top.matches(":hover") && !top.opener.matches(":hover")) top.close();
  }, CLOSE_AFTER);
}

/** Makes every `a[data-card]` of the page open its card. */
export function openCards() {
  const on = (type, act) =>
    document.addEventListener(type, (event) => {
      const link = event.target.closest?.("a[data-card][href]");
      const lines = [...(link?.getClientRects() ?? [])];
      if (link) act(event, link, lines.findIndex((box) => box.top <= event.clientY && event.clientY <= box.bottom));
    });
  on("click", (event, link, line) => {
    if (!isPlain(event)) return;
    event.preventDefault();
    open(link, line);
  });
  on("pointerover", (event, link, line) => {
    if (event.pointerType === "mouse" && !link.contains(event.relatedTarget)) hover(link, line);
  });
  on("pointerout", (event, link) => link.contains(event.relatedTarget) || leave());
}
