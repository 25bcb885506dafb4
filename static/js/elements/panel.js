import { beside } from "../dom/placement.js";
import { behavior, focus, html, isNarrow, part } from "../dom/parts.js";

let open = []; // the last one is on top

/** What floats over the page: takes the focus, closes with Escape, gives the focus back to what opened it. */
export class Panel extends HTMLElement {
  static chrome = "panel"; // the part with its buttons

  /** Shows `content`, named `label`, for `opener`; a glance takes no focus. */
  show(content, { label, opener, glance, line }) {
    Object.assign(this, { opener, glance, line, tabIndex: -1 });
    for (const [name, value] of [["role", "dialog"], ["aria-label", label], ["popover", "manual"]]) this.setAttribute(name, value);
    this.append(part(this.constructor.chrome), content);
    this.querySelector("[data-act=close]").onclick = () => this.close(true);
    this.onkeydown = (event) => this.keepTab(event);
    document.body.append(this);
    this.showPopover?.();
    open.push(this);
    this.place();
    if (!glance) focus(this);
    const covered = opener.getBoundingClientRect().bottom + 16 - this.getBoundingClientRect().top;
    if (isNarrow() && opener.matches("a") && covered > 0) scrollBy({ top: covered, behavior: behavior() });
  }

  /** Beside its opener while that is in sight; on small screens the style sheet knows better. */
  place() {
    const lines = this.opener.getClientRects(); // a name may break over two
    const near = lines[this.line] ?? lines[0];
    if (this.pinned || !near || near.bottom < 0 || near.top > innerHeight) return;
    this.style.maxBlockSize = "";
    const { left, top, height } = beside(near, this.getBoundingClientRect(), { width: html.clientWidth, height: innerHeight });
    this.moveTo(left + scrollX, top + scrollY);
    this.style.maxBlockSize = `${height}px`;
  }

  moveTo(left, top) {
    this.style.left = `${left}px`;
    this.style.top = `${top}px`;
  }

  close(refocus) {
    if (!open.includes(this)) return;
    open = open.filter((panel) => panel !== this);
    for (const child of open.filter((panel) => this.contains(panel.opener))) {
      if (child.pinned) child.opener = this.opener;
      else child.close();
    }
    if (refocus || this.contains(document.activeElement)) focus(this.opener);
    this.remove();
    this.dispatchEvent(new Event("closed"));
  }

  /** Tab past an end goes back to the opener: nobody is locked in, nobody falls off the page. */
  keepTab(event) {
    if (event.key !== "Tab") return;
    const stops = [...this.querySelectorAll("a[href], button, input, select, textarea, summary")].filter(
      (stop) => stop.offsetParent,
    );
    if (!(event.shiftKey ? [this, stops[0]] : [stops.at(-1)]).includes(document.activeElement)) return;
    event.preventDefault();
    if (this.pinned) focus(this.opener);
    else this.close(true);
  }

  static of = (opener) => open.find((panel) => panel.opener === opener);
  static top = () => open.at(-1);

  /** Closes what is not pinned and does not hold `kept`, itself or by what was opened from it. */
  static closeAll(kept) {
    const holders = new Set();
    for (let panel = kept?.closest?.("[popover]"); panel; panel = panel.opener?.closest("[popover]")) holders.add(panel);
    for (const panel of open.toReversed()) if (!panel.pinned && !holders.has(panel)) panel.close();
  }
}

document.addEventListener("keydown", (event) => {
  const focused = () => open.findLast((panel) => panel.contains(document.activeElement));
  const free = () => open.findLast((panel) => !panel.pinned);
  const panel = event.key === "Escape" && !event.defaultPrevented && (open.at(-1)?.glance ? open.at(-1) : (focused() ?? free()));
  if (!panel) return;
  event.preventDefault();
  panel.close(!panel.glance);
});
document.addEventListener("pointerdown", ({ target }) => {
  if (!target.closest?.("[data-card], .xref")) Panel.closeAll(target);
});
document.addEventListener("scrollend", () => open.forEach((panel) => panel.place()));
