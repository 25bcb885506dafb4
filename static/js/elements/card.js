import { fetchPart, focus, nodes } from "../dom/parts.js";
import { Panel } from "./panel.js";

const kept = new Map(); // address -> the promise of its HTML
const OPEN_AFTER = 350;
const CLOSE_AFTER = 250;
let timer;

/** A context card beside the name that was touched. Cards open from within cards. */
export class Card extends Panel {
  static chrome = "card";

  show(content, options) {
    super.show(content, options);
    options.opener.classList.add("open");
    this.preview = options.preview;
    const pin = this.querySelector('[data-act="pin"]');
    pin.onclick = () => this.pin(pin);
    this.addEventListener("pointerenter", () => clearTimeout(timer));
    this.addEventListener("pointerleave", leave);
    this.addEventListener("toggle", () => this.place(), true); // its list of sources was opened
  }

  pin(button) {
    const { left, top } = this.getBoundingClientRect();
    this.pinned = !this.pinned;
    button.setAttribute("aria-pressed", this.pinned);
    this.classList.toggle("pinned", this.pinned);
    this.style.left = `${left + (this.pinned ? 0 : scrollX)}px`;
    this.style.top = `${top + (this.pinned ? 0 : scrollY)}px`;
  }

  place() {
    if (!this.pinned) super.place();
  }

  close(options) {
    this.opener?.classList.remove("open");
    super.close(options);
  }
}

/** Fetches a card once. */
function load(link) {
  if (!kept.has(link.href)) {
    const coming = fetchPart(link.href);
    coming.catch(() => kept.delete(link.href));
    kept.set(link.href, coming);
  }
  return kept.get(link.href);
}

/** Opens the card of a link; when it cannot be had, the link is followed instead. */
async function open(link, near) {
  clearTimeout(timer);
  const shown = Panel.all().find((panel) => panel.opener === link);
  if (shown) return take(shown);
  link.setAttribute("aria-busy", "true");
  try {
    show(link, await load(link), { near });
  } catch {
    location.assign(link.href);
  } finally {
    link.removeAttribute("aria-busy");
  }
}

function take(card) {
  card.preview = false;
  focus(card);
}

function show(link, html, { preview = false, near } = {}) {
  if (!link.isConnected || Panel.all().some((panel) => panel.opener === link)) return;
  Panel.closeAll(link);
  const card = document.createElement("civ-card");
  const content = nodes(html);
  card.near = near;
  card.show(content, { label: content.querySelector("h3")?.textContent ?? link.textContent, opener: link, preview });
}

/** A glance: after a pause over the link, without taking the focus. */
function hover(link, near) {
  const coming = load(link).catch(() => null);
  clearTimeout(timer);
  timer = setTimeout(async () => {
    const html = await coming;
    if (html && link.matches(":hover")) show(link, html, { preview: true, near });
  }, OPEN_AFTER);
}

function leave() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const top = Panel.top();
    if (top?.preview && !top.matches(":hover") && !top.opener.matches(":hover")) top.close();
  }, CLOSE_AFTER);
}

/** The line of a link that was touched: a name may break over two. */
const lineAt = (link, y) => [...link.getClientRects()].find((box) => box.top <= y && y <= box.bottom);

const linkOf = (event) => event.target.closest?.("a[data-card][href]");

/** Makes every `a[data-card]` of the page open its card. */
export function openCards() {
  document.addEventListener("click", (event) => {
    const link = linkOf(event);
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open(link, lineAt(link, event.clientY));
  });
  document.addEventListener("pointerover", (event) => {
    const link = linkOf(event);
    if (!link || link.contains(event.relatedTarget) || event.pointerType !== "mouse") return;
    hover(link, lineAt(link, event.clientY));
  });
  document.addEventListener("pointerout", (event) => {
    const link = linkOf(event);
    if (link && !link.contains(event.relatedTarget)) leave();
  });
}
