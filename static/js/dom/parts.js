// Ready-made parts of the page (templates/reader/_parts.html): the server translated every word a script shows.

export const html = document.documentElement;

/** True when somebody is logged in. */
export const isPerson = () => "person" in html.dataset;

/** A copy of <template data-part="name">. */
export const part = (name) => document.querySelector(`[data-part="${name}"]`).content.cloneNode(true);

/** The part of a page, as nodes. A refusal, a redirection or a slow answer is an error. */
export async function fetchPart(url, keepIds) {
  const response = await fetch(url, { headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(10_000) });
  if (!response.ok || response.redirected) throw new Error(url);
  const template = document.createElement("template");
  template.innerHTML = await response.text(); // our own server made it safe
  if (!keepIds) for (const element of template.content.querySelectorAll("[id]")) element.removeAttribute("id");
  return template.content;
}

let fading;

/** Says one of the page's sentences in its status line, with what its buttons do; nothing clears it. */
export function say(name, words, actions) {
  const place = document.querySelector("[data-status]");
  clearTimeout(fading);
  place.replaceChildren(...(name ? [part(name)] : []));
  if (words) place.querySelector("[data-words]").textContent = words;
  for (const act in actions) place.querySelector(`[data-act=${act}]`).onclick = actions[act];
  if (place.querySelector("[data-fades]")) fading = setTimeout(say, 10_000);
}

/** Moves the focus, also to what takes none by itself. */
export function focus(element) {
  if (!element?.isConnected) return;
  if (element.tabIndex < 0) element.tabIndex = -1;
  element.focus({ preventScroll: true });
}

/** True where notes have a margin. */
export const isWide = () => matchMedia("(width >= 1200px)").matches;

/** True where panels come from below. */
export const isNarrow = () => matchMedia("(width < 700px)").matches;

/** Smooth only for those who like it. */
export const behavior = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth");

/** A plain press: the browser's own ways to open a link elsewhere stay. */
export const isPlain = (event) => !(event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);

/** What is kept in this browser; where that is forbidden, nothing is. */
export const memory = {
  get: (key) => attempt(() => localStorage.getItem(key)),
  set: (key, value) => attempt(() => localStorage.setItem(key, value)),
  drop: (key) => attempt(() => localStorage.removeItem(key)),
  keys: (prefix) => attempt(() => Object.keys(localStorage).filter((key) => key.startsWith(prefix))) ?? [],
};

function attempt(act) {
  try {
    return act();
  } catch {
    return null;
  }
}
