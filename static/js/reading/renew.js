// What others made public since the page came, laid into the page that is being read.
// What is the same stays as it is, and what somebody is busy with waits: no focus, selection or opened part is lost.

/** True while somebody has the focus, a selection or something open in there. */
export function isBusy(element) {
  const selection = getSelection();
  const selected = !selection.isCollapsed && selection.containsNode(element, true);
  return selected || element.contains(document.activeElement) || !!element.querySelector('[aria-expanded="true"]');
}

/** Makes the children of `own` that have a key those of `fresh`: { came, all }, `all` false while one is busy. */
export function lay(own, fresh, keyOf, like) {
  const there = new Map([...own.children].filter(keyOf).map((child) => [keyOf(child), child]));
  const heading = own.querySelector(":scope > h2");
  const came = [];
  let [last, all] = [null, true];
  for (const child of [...fresh.children].filter(keyOf)) {
    const old = there.get(keyOf(child));
    there.delete(keyOf(child));
    if (old && like(old, child)) last = old;
    else if (old && isBusy(old)) [last, all] = [old, false];
    else {
      if (old) old.replaceWith(child);
      else if (last ?? heading) (last ?? heading).after(child);
      else own.prepend(child);
      if (!old) came.push(child);
      last = child;
    }
  }
  for (const old of there.values()) isBusy(old) ? (all = false) : old.remove();
  return { came, all };
}

/** What lies on the words of a paragraph. */
const shape = (p) =>
  [...p.querySelectorAll("mark, .noteref, .mention")]
    .map((e) => e.dataset.card ?? (e.id || `${e.className} ${e.textContent}`))
    .join("\n");

/** A paragraph with other marks on the same words; false while somebody is busy with it. */
function renewParagraph(own, fresh) {
  const [p, newer] = [own, fresh].map((each) => each.querySelector(".p"));
  if (p.textContent !== newer.textContent) return true;
  const tools = own.querySelector(".para-tools");
  const changed = shape(p) !== shape(newer) || tools.textContent !== fresh.querySelector(".para-tools").textContent;
  if (!changed) return true;
  if (isBusy(own)) return false;
  if (shape(p) !== shape(newer)) p.replaceChildren(...newer.childNodes);
  tools.replaceWith(fresh.querySelector(".para-tools"));
  return true;
}

/** The numbers of notes, which move on when one comes before them. */
function renumber(own, fresh) {
  for (const { id, dataset, ariaLabel } of fresh.querySelectorAll(".noteref, .notes > .note")) {
    const old = own.querySelector(`#${CSS.escape(id)}`);
    if (!old) continue;
    Object.assign(old.dataset, dataset);
    if (ariaLabel) old.ariaLabel = ariaLabel;
  }
}

/** Lays a newer reading page into this one: { came, all } as `lay` has it. The two have the same text. */
export function renewPage(own, fresh) {
  renumber(own, fresh);
  const words = [...own.querySelectorAll(".para")].map((para) => renewParagraph(para, fresh.querySelector(`#${para.id}`)));
  own.querySelector(".facts").replaceChildren(...fresh.querySelector(".facts").childNodes);
  const [aside, newer] = [own, fresh].map((each) => each.querySelector(".notes"));
  for (const old of aside.querySelectorAll(":scope > .empty, :scope > .more")) old.remove();
  const ends = [...newer.querySelectorAll(":scope > .empty, :scope > .more")];
  const { came, all } = lay(aside, newer, ({ id }) => id.startsWith("note-") && id, (a, b) => a.textContent === b.textContent);
  aside.append(...ends);
  return { came, all: all && words.every(Boolean) };
}
