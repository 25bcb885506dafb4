import { beside } from "../dom/placement.js";
import { focus, isNarrow, part } from "../dom/parts.js";

const open = []; // the last one is on top

/** What floats over the page: takes the focus, closes with Escape, gives the focus back to what opened it. */
export class Panel extends HTMLElement {
  opener = null;
  pinned = false;

  /** Which ready-made part holds its buttons. */
  static chrome = "panel";

  /** Shows `content`, named `label`, for `opener`; a preview takes no focus. */
  show(content, { label, opener, preview = false }) {
    this.opener = opener;
    this.setAttribute("role", "dialog");
    this.setAttribute("aria-label", label);
    this.tabIndex = -1;
    this.append(part(this.constructor.chrome), content);
    this.querySelector('[data-act="close"]').onclick = () => this.close({ refocus: true });
    this.onkeydown = (event) => this.keepTab(event);
    document.body.append(this);
    this.setAttribute("popover", "manual");
    this.showPopover?.();
    open.push(this);
    this.place();
    if (!preview) focus(this);
  }

  /** Puts it beside its opener; on small screens the style sheet has it at the bottom. */
  place() {
    const near = this.near ?? this.opener.getClientRects()[0];
    if (isNarrow() || !near) return;
    this.style.maxBlockSize = "";
    const room = { width: document.documentElement.clientWidth, height: innerHeight };
    const { left, top, height } = beside(near, this.getBoundingClientRect(), room);
    this.style.maxBlockSize = `${height}px`;
    this.style.left = `${left + scrollX}px`;
    this.style.top = `${top + scrollY}px`;
  }

  close({ refocus = false } = {}) {
    const at = open.indexOf(this);
    if (at < 0) return;
    open.splice(at, 1);
    for (const child of open.filter((panel) => this.contains(panel.opener))) child.outlive(this);
    const hadFocus = this.contains(document.activeElement);
    if (refocus || hadFocus) focus(this.opener);
    this.remove();
    this.dispatchEvent(new Event("closed"));
  }

  /** What it was opened from is gone: only a pinned one stays. */
  outlive(parent) {
    if (!this.pinned) this.close();
    else this.opener = parent.opener;
  }

  /** Tab past the end goes back to where it was opened: nobody is locked in, nobody falls off the page. */
  keepTab(event) {
    if (event.key !== "Tab") return;
    const stops = [...this.querySelectorAll("a[href], button, input, select, textarea, summary")].filter(
      (stop) => stop.checkVisibility?.() ?? true,
    );
    const edge = event.shiftKey ? [this, stops[0]] : [stops.at(-1)];
    if (!edge.includes(document.activeElement)) return;
    event.preventDefault();
    if (this.pinned) focus(this.opener);
    else this.close({ refocus: true });
  }

  static top = () => open.at(-1);
  static all = () => [...open];

  /** The one that Escape closes: a glance on top, else where the focus is, else the last that is not pinned. */
  static inCharge() {
    if (Panel.top()?.preview) return Panel.top();
    return open.findLast((panel) => panel.contains(document.activeElement)) ?? open.findLast((panel) => !panel.pinned);
  }

  /** Closes what is not pinned and does not hold `kept`. */
  static closeAll(kept) {
    for (const panel of [...open].reverse()) if (!panel.pinned && !panel.holds(kept)) panel.close();
  }

  /** True when `node` is in this panel or in one that was opened from it. */
  holds(node) {
    for (let panel = node?.closest?.("[popover]"); panel; panel = panel.opener?.closest?.("[popover]")) {
      if (panel === this) return true;
    }
    return false;
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || !open.length) return;
  event.preventDefault();
  Panel.inCharge()?.close({ refocus: true });
});
document.addEventListener("pointerdown", (event) => {
  if (!event.target.closest?.("[data-card], .xref, .noteref")) Panel.closeAll(event.target);
});
