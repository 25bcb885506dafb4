// The text an editor types is kept in this browser until it is published: a reload or a closed tab takes nothing.

import { memory } from "../dom/parts.js";

const WAIT = 400; // milliseconds after the last key

const form = document.querySelector("[data-text-draft]");
const line = form.querySelector("[data-kept]");
const { source, reason } = form.elements;
const key = `civdip:text:${form.dataset.textDraft}`;
const published = source.defaultValue;

const kept = read();
if (kept && kept.source !== source.value && kept.source !== published) line.hidden = false;
else memory.drop(key); // it is on the page, or on the site

let waiting;
form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(save, WAIT);
});
addEventListener("pagehide", () => waiting && save());

line.querySelector("[data-act=take]").onclick = () => {
  source.value = kept.source;
  reason.value = kept.reason;
  line.hidden = true;
  source.focus();
};
line.querySelector("[data-act=drop]").onclick = () => {
  memory.drop(key);
  line.hidden = true;
  source.focus();
};

function save() {
  waiting = undefined;
  memory.set(key, JSON.stringify({ source: source.value, reason: reason.value }));
}

function read() {
  try {
    return JSON.parse(memory.get(key));
  } catch {
    return null; // not ours
  }
}
