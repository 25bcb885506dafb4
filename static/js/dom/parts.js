// Ready-made parts from the page, so that every word a script shows was translated by the server.

/** A copy of <template data-part="name">. */
export const part = (name) => document.querySelector(`template[data-part="${name}"]`).content.cloneNode(true);

/** Sends a request as a script: pages answer with their part. Refusals and slow answers are errors. */
export async function fetchPart(url) {
  const response = await fetch(url, { headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(10_000) });
  if (!response.ok || response.redirected) throw new Error(`${response.status} ${url}`);
  return response.text();
}

/** The nodes of HTML that came from our own server; ids are dropped where the page has them already. */
export function nodes(html, { keepIds = false } = {}) {
  const template = document.createElement("template");
  template.innerHTML = html;
  if (!keepIds) template.content.querySelectorAll("[id]").forEach((element) => element.removeAttribute("id"));
  return template.content;
}

/** Says one sentence of the page's status parts, with the buttons it has; null clears it. */
export function say(name, words, actions = {}) {
  const place = document.querySelector("[data-status]");
  place.replaceChildren();
  if (!name) return;
  place.append(part(name));
  if (words) place.querySelector("[data-words]").textContent = words;
  for (const [act, run] of Object.entries(actions)) {
    const button = place.querySelector(`[data-act="${act}"]`);
    if (button) button.onclick = run;
  }
}

/** Moves the focus, also to what takes none by itself. */
export function focus(element, options = { preventScroll: true }) {
  if (!element?.isConnected) return;
  if (element.tabIndex < 0 && !element.hasAttribute("tabindex")) element.tabIndex = -1;
  element.focus(options);
}

export const isWide = () => matchMedia("(width >= 1200px)").matches;
export const isNarrow = () => matchMedia("(width < 700px)").matches;
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
