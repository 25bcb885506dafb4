// Editors’, readers’, one's own highlights and cards: each switched off and on in one step, remembered.

export function switchLayers(fieldset, changed) {
  const html = document.documentElement;
  const boxes = [...fieldset.querySelectorAll("[data-layer]")];
  const hidden = new Set((html.dataset.hide ?? "").split(" ").filter(Boolean));
  for (const box of boxes) {
    box.checked = !hidden.has(box.dataset.layer);
    box.onchange = () => {
      const off = boxes.filter((each) => !each.checked).map((each) => each.dataset.layer);
      html.dataset.hide = off.join(" ");
      try {
        localStorage.setItem("civdip:hide", html.dataset.hide);
      } catch {} // storage is forbidden: it holds until the page is left
      apply();
      changed();
    };
  }
  fieldset.hidden = false;
  apply();
}

/** Links that do not show are no stops of the Tab key and nothing to a screen reader. */
function apply() {
  const hide = document.documentElement.dataset.hide ?? "";
  for (const link of document.querySelectorAll("#reading .text a.mention")) swap(link, hide.includes("cards"));
  for (const link of document.querySelectorAll("#reading .text a.noteref")) {
    const layer = document.getElementById(link.hash.slice(1))?.classList.contains("e") ? "editors" : "readers";
    link.hidden = hide.includes(layer);
  }
}

function swap(link, off) {
  const [from, to] = off ? ["href", "data-href"] : ["data-href", "href"];
  if (!link.hasAttribute(from)) return;
  link.setAttribute(to, link.getAttribute(from));
  link.removeAttribute(from);
}
