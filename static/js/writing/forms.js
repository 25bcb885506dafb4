// Forms in which a note is written, on every page: preview, completion of tags, drafts.

import { memory } from "../dom/parts.js";
import { keep, post, read } from "./drafts.js";

const SENT = "civdip:sent";
const FIELDS = ["body", "tags", "motivation", "visibility"];

/** Equips the forms a page came with. */
export function start(forms) {
  const sent = memory.get(SENT);
  memory.drop(SENT);
  if (sent && document.querySelector("#says .success")) memory.drop(sent); // this page says that it arrived
  for (const form of forms) {
    const key = `civdip:form:${form.dataset.draft ?? location.pathname + location.search}`;
    assist(form);
    keepDraft(form, { load: () => read(key), save: (values) => keep(key, values), drop: () => memory.drop(key) });
    form.addEventListener("submit", () => memory.set(SENT, key));
  }
}

/** What a person typed or chose in the form, by field. */
export const valuesOf = (form) => Object.fromEntries([...new FormData(form)].filter(([name]) => FIELDS.includes(name)));

/** Keeps what is typed, and brings it back with a line that says so. */
export function keepDraft(form, draft) {
  const line = form.querySelector("[data-draft-kept]");
  const { body } = form.elements;
  const now = valuesOf(form);
  const kept = draft.load() ?? {};
  if (body.value !== body.defaultValue) draft.save(now); // typed before this script came
  else if ((kept.body || kept.tags) && FIELDS.some((name) => name in now && name in kept && kept[name] !== now[name])) {
    for (const name of FIELDS) if (name in kept && name in now) form.elements[name].value = kept[name];
    line.hidden = false;
  }
  form.addEventListener("input", () => draft.save(valuesOf(form)));
  line.querySelector("button").onclick = () => {
    form.reset();
    draft.drop();
    line.hidden = true;
    body.focus();
  };
}

/** Preview of the Markdown and completion of tags. */
export function assist(form) {
  const part = form.querySelector("[data-preview-part]");
  const { tags } = form.elements;
  let asked;
  part.hidden = false;
  part.querySelector("[data-preview-button]").onclick = () => preview(form, part);
  tags.addEventListener("input", () => {
    clearTimeout(asked);
    asked = setTimeout(() => complete(tags, form.querySelector("datalist"), part.dataset.complete), 150);
  });
}

async function preview(form, { dataset, lastElementChild: shown }) {
  const response = await post(dataset.preview, { body: form.elements.body.value }).catch(() => null);
  if (response?.ok) shown.innerHTML = await response.text(); // made safe by the server
  else shown.textContent = dataset.failed;
}

/** Completes the last of the names between commas; the list offers the whole line. */
async function complete(input, list, url) {
  const [, before, last] = /^(.*,\s*|)(.*)$/s.exec(input.value);
  const response = last.trim() && (await fetch(`${url}?q=${encodeURIComponent(last.trim())}`).catch(() => null));
  if (response?.ok) list.replaceChildren(...(await response.json()).tags.map((name) => new Option("", before + name)));
}
