// Long forms are kept in this browser as they are typed, until the site has them: a reload or a closed tab takes nothing.

import { memory } from "../dom/parts.js";
import { keep, read } from "./drafts.js";

const SENT = "civdip:sent";

const fields = (form) => [...form.elements].filter(({ name, type }) => name && type !== "hidden" && type !== "submit");
const valuesOf = (form) => Object.fromEntries(fields(form).map(({ name, value }) => [name, value]));

function equip(form) {
  const key = `civdip:form:${form.dataset.whole}${location.search}`;
  const line = form.querySelector("[data-whole-kept]");
  const first = valuesOf(form);
  const kept = read(key) ?? {};
  const differing = fields(form).filter(({ name, value }) => name in kept && kept[name] !== value);
  if (differing.length && !form.querySelector("[aria-invalid], .problem[role]")) {
    for (const field of differing) field.value = kept[field.name];
    for (const details of form.querySelectorAll("details")) details.open ||= differing.some((field) => details.contains(field));
    if (line) line.hidden = false;
  }
  form.addEventListener("input", () => keep(key, valuesOf(form)));
  form.addEventListener("submit", () => memory.set(SENT, key));
  line?.querySelector("button").addEventListener("click", () => {
    for (const field of fields(form)) field.value = first[field.name];
    memory.drop(key);
    line.hidden = true;
    fields(form)[0].focus();
  });
}

for (const form of document.querySelectorAll("form[data-whole]")) equip(form);
