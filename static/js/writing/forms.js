// Forms in which a note is written, on every page: preview, completion of tags, drafts.

import { drop, formKey, keep, read } from "./drafts.js";

const SENT = "civdip:sent";
const FIELDS = ["body", "tags", "motivation", "visibility"];

/** Equips the forms a page came with. */
export function start(forms) {
  settle();
  for (const form of forms) {
    const key = formKey(form.dataset.draft ?? `${location.pathname}${location.search}`);
    assist(form);
    keepDraft(form, { load: () => read(key), save: (values) => keep(key, values), drop: () => drop(key) });
    form.addEventListener("submit", () => globalThis.sessionStorage?.setItem(SENT, key));
  }
}

/** A form was sent and this is the page that came: its draft may go if that page says that all went well. */
function settle() {
  const key = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  if (key && document.querySelector("#says .success")) drop(key);
}

export const valuesOf = (form) =>
  Object.fromEntries([...new FormData(form)].filter(([name]) => FIELDS.includes(name)));

/** Keeps what is typed, and brings it back with a line that says so. */
export function keepDraft(form, draft) {
  const line = form.querySelector("[data-draft-kept]");
  const kept = draft.load();
  const differs = kept && Object.entries(kept).some(([name, value]) => name in valuesOf(form) && valuesOf(form)[name] !== value);
  if (differs && (kept.body || kept.tags)) {
    fill(form, kept);
    line.hidden = false;
  }
  form.addEventListener("input", () => draft.save(valuesOf(form)));
  line.querySelector("button").onclick = () => {
    form.reset();
    draft.drop();
    line.hidden = true;
    form.elements.body.focus();
  };
}

export function fill(form, values) {
  for (const name of FIELDS) if (values[name] !== undefined && form.elements[name]) form.elements[name].value = values[name];
}

/** Preview of the Markdown and completion of tags. */
export function assist(form) {
  const part = form.querySelector("[data-preview-part]");
  part.hidden = false;
  part.querySelector("[data-preview-button]").onclick = () => preview(form, part);
  const tags = form.elements.tags;
  let asked;
  tags.addEventListener("input", () => {
    clearTimeout(asked);
    asked = setTimeout(() => complete(tags, form.querySelector("datalist"), part.dataset.complete), 150);
  });
}

async function preview(form, part) {
  const shown = part.querySelector("[data-preview-shown]");
  const body = new URLSearchParams({ body: form.elements.body.value });
  try {
    const response = await fetch(part.dataset.preview, { method: "POST", body, headers: { "X-CSRFToken": token(form) } });
    if (!response.ok) throw new Error(response.status);
    shown.innerHTML = await response.text(); // made safe by the server
  } catch {
    shown.textContent = part.dataset.failed;
  }
}

/** Completes the last of the names between commas; the list offers the whole line. */
async function complete(input, list, address) {
  const [, before, last] = /^(.*,\s*|)([^,]*)$/s.exec(input.value);
  if (!last.trim()) return;
  const response = await fetch(`${address}?q=${encodeURIComponent(last.trim())}`).catch(() => null);
  const { tags = [] } = response?.ok ? await response.json() : {};
  list.replaceChildren(...tags.map((name) => new Option("", before + name)));
}

/** The token against forged requests: the cookie has the newest, the page the one it was made with. */
export function token(root = document) {
  const kept = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1];
  return kept ?? root.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
}
