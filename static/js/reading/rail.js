// Beside the text: where the reader is, and the layers that are shown.

import { html, memory } from "../dom/parts.js";

export function showProgress(line, text) {
  let asked;
  const draw = () => {
    const { top, height } = text.getBoundingClientRect();
    line.style.transform = `scaleX(${scrollY ? Math.max(0, Math.min(1, (innerHeight - top) / height)) : 0})`;
    asked = 0;
  };
  const later = () => (asked ||= requestAnimationFrame(draw));
  addEventListener("scroll", later, { passive: true });
  addEventListener("resize", later);
  later();
}

/** Tells the table of contents which paragraph is being read. */
export function followReader(rail, paragraphs) {
  const seen = new Set();
  const look = (entries) => {
    for (const { target, isIntersecting } of entries) seen[isIntersecting ? "add" : "delete"](target);
    const current = [...paragraphs].find((paragraph) => seen.has(paragraph));
    if (!current) return;
    rail.querySelector("[aria-current]")?.removeAttribute("aria-current");
    rail.querySelector(`a[href="#${current.id}"]`)?.setAttribute("aria-current", "location");
  };
  const observer = new IntersectionObserver(look, { rootMargin: "-15% 0px -60% 0px" });
  for (const paragraph of paragraphs) observer.observe(paragraph);
}

/** Editors’, readers’, one's own highlights and cards: each off and on in one step, remembered. */
export function switchLayers(fieldset, changed) {
  const boxes = [...fieldset.querySelectorAll("[data-layer]")];
  for (const box of boxes) box.checked = !html.dataset.hide.split(" ").includes(box.dataset.layer);
  fieldset.onchange = () => {
    const off = boxes.filter((box) => !box.checked).map((box) => box.dataset.layer);
    memory.set("civdip:hide", (html.dataset.hide = off.join(" ")));
    apply();
    changed();
  };
  fieldset.hidden = false;
  apply();
}

/** Links that do not show are no stops of the Tab key and nothing to a screen reader. */
export function apply() {
  const { hide } = html.dataset;
  const [from, to] = hide.includes("cards") ? ["href", "data-href"] : ["data-href", "href"];
  for (const link of document.querySelectorAll(`.text a.mention[${from}]`)) {
    link.setAttribute(to, link.getAttribute(from));
    link.removeAttribute(from);
  }
  for (const link of document.querySelectorAll(".text a.noteref")) {
    const note = document.getElementById(link.hash.slice(1));
    link.hidden = hide.includes(note.classList.contains("e") ? "editors" : "readers");
  }
}
