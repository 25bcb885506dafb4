import { focus, part } from "../dom/parts.js";
import { Panel } from "./panel.js";

/** A reference within the text: its two ends, its reason, and the way back. */
export class Reference extends Panel {
  static chrome = "reference";

  show(content, options) {
    super.show(content, options);
    this.addEventListener("click", (event) => this.follow(event));
  }

  /** Goes to the other end; the browser keeps the way back, a button shows it. */
  follow(event) {
    const link = event.target.closest('a[href^="#"]');
    const end = link && document.getElementById(link.hash.slice(1));
    if (!end) return;
    event.preventDefault();
    const home = this.opener;
    this.close();
    history.pushState(null, "", link.hash);
    end.scrollIntoView({ block: "center" });
    focus(end);
    if (end !== home) offerWayBack(home);
  }
}

function offerWayBack(home) {
  document.querySelector(".way-back")?.remove();
  document.querySelector("#reading").append(part("way-back"));
  const button = document.querySelector(".way-back");
  button.onclick = () => history.back();
  const back = () => {
    button.remove();
    focus(home, {});
  };
  addEventListener("popstate", back, { once: true });
}

/** Makes every `a.xref` open its reference in place. */
export function openReferences() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.xref");
    const item = link && document.getElementById(link.hash.slice(1));
    if (!item || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    const again = Panel.all().find((panel) => panel.opener === link);
    Panel.closeAll(link);
    if (again) return;
    const panel = document.createElement("civ-reference");
    const content = document.createElement("div");
    content.append(...[...item.childNodes].map((node) => node.cloneNode(true)));
    panel.show(content, { label: link.getAttribute("aria-label"), opener: link });
  });
}
