// Keys of the queue: everything they do a button does as well.
const items = [...document.querySelectorAll(".queue .item")];
const keys = document.querySelector(".keys");

function current() {
  return document.activeElement?.closest?.(".item") ?? null;
}

function go(step) {
  const at = items.indexOf(current());
  const next = items[Math.max(0, Math.min(items.length - 1, at + step))];
  next?.focus();
  next?.scrollIntoView({ block: "start" });
}

function reason(item) {
  const details = item.querySelector('details[data-key="r"]');
  details.open = true;
  details.querySelector("textarea").focus();
}

function press(name) {
  const item = current();
  if (name === "j") return go(1);
  if (name === "k") return go(-1);
  if (name === "u") return document.querySelector('.last [data-key="u"]')?.click();
  if (name === "?") return keys.toggleAttribute("open") && keys.querySelector("summary").focus();
  if (!item) return undefined;
  if (name === "r") return reason(item);
  if (name === "x") return item.querySelector('[name="item"]')?.click();
  return item.querySelector(`button[data-key="${name}"]`)?.click();
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !"jkarsxu?".includes(event.key)) return;
  event.preventDefault();
  press(event.key);
});

document.addEventListener("click", (event) => {
  const kept = event.target.closest("[data-reason]");
  if (!kept) return;
  const field = kept.closest("details").querySelector("textarea");
  field.value = kept.dataset.reason;
  field.focus();
});

if (location.hash.startsWith("#item-")) document.querySelector(location.hash)?.focus();
