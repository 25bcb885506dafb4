import { focus, isPlain, part } from "../dom/parts.js";
import { Panel } from "./panel.js";

/** A reference within the text: its two ends, its reason, and the way back. */
export class Reference extends Panel {
  show(content, options) {
    super.show(content, options);
    this.onclick = (event) => this.follow(event);
  }

  /** Goes to the other end; the browser keeps the way back, a button shows it. */
  follow(event) {
    const link = event.target.closest("a[href^='#']");
    if (!link) return;
    event.preventDefault();
    this.close();
    const end = document.getElementById(link.hash.slice(1));
    if (end !== this.opener) offerWayBack(this.opener);
    history.pushState(null, "", link.hash);
    end.scrollIntoView({ block: "center" });
    focus(end);
  }
}

function offerWayBack(home) {
  document.querySelector(".way-back")?.remove();
  document.querySelector("#reading").append(part("way-back"));
  const button = document.querySelector(".way-back");
  const top = scrollY;
  const back = () => {
    button.remove();
    focus(home);
    scrollTo({ top, behavior: "instant" }); // a smooth way there, still under way, would carry on past it
    requestAnimationFrame(() => scrollTo({ top, behavior: "instant" }));
  };
  button.onclick = () => history.back();
  addEventListener("popstate", back, { once: true });
}

/** Makes every `a.xref` open its reference in place. */
export function openReferences() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.xref");
    if (!link || !isPlain(event)) return;
    event.preventDefault();
    const shown = Panel.of(link);
    Panel.closeAll(link);
    if (shown) return;
    const content = document.createElement("div");
    content.append(...document.getElementById(link.hash.slice(1)).cloneNode(true).childNodes);
    document.createElement("civ-reference").show(content, { label: link.ariaLabel, opener: link });
  });
}
