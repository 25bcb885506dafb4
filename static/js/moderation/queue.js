// The queue in place: a decision is sent by itself, what comes back stands where the item stood, and the next item has
// the focus. Keys do what buttons do. Without this module every form loads the page anew.
import * as places from "./walking.js";

const SWITCH = "queue-keys";
const queue = document.querySelector(".queue");
const keys = queue.querySelector(".keys");
const says = document.getElementById("says");
const done = [];  // forms that take decisions back, the newest last

const items = () => [...queue.querySelectorAll(".item")];
const current = () => document.activeElement?.closest?.(".item") ?? null;

function show(item) {
  item.focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest" });
  const { top } = item.getBoundingClientRect();
  if (top < 70 || top > innerHeight * 0.6) item.scrollIntoView({ block: "start" });
}

function go(step) {
  const next = places.next(items(), current(), step);
  if (next) return show(next);
  return step > 0 ? turnThePage() : undefined;
}

function turnThePage() {
  const further = queue.querySelector('.pages [rel="next"]');
  if (further) return location.assign(`${further.href}#go`);
  return items().length && items().every((item) => item.classList.contains("done")) ? location.assign(fromTheOldest()) : undefined;
}

function fromTheOldest() {
  const address = new URL(location.href);
  address.searchParams.delete("after");
  address.hash = "go";
  return address.href === location.href ? `${address.pathname}${address.search}` : address.href;
}

async function send(form, button) {
  const item = form.closest(".item");
  const body = new FormData(form, button);
  item.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } });
    const html = await answer.text();
    if (answer.redirected || !html.includes(item.id)) return location.reload();  // logged out, or not ours to decide
    return put(html, item);
  } catch {
    item.removeAttribute("aria-busy");
    return say(queue.dataset.offline, "error");
  }
}

function put(html, item) {
  const made = new DOMParser().parseFromString(html, "text/html").querySelector(".item");
  const had = item.contains(document.activeElement) || document.activeElement === document.body;  // Safari: buttons
  item.replaceWith(made);
  ready(made);
  say(made.querySelector("[data-said]")?.textContent ?? "");
  if (!made.classList.contains("done")) return show(made);
  done.push(made.querySelector("form"));
  return had ? afterwards(made) : undefined;
}

function afterwards(made) {
  const next = places.next(items(), made, 1) ?? places.next(items(), made, -1);
  if (next) return show(next);
  made.focus();
  return turnThePage();
}

function say(words, kind = "success") {
  const line = document.createElement("p");
  line.className = `${kind} hidden`;
  line.textContent = words;
  says.replaceChildren(line);
}

function undo() {
  const form = done.filter((each) => each.isConnected).pop();
  (form ?? queue.querySelector(".last"))?.requestSubmit();
}

function open(item, key) {
  const part = item.querySelector(`[data-key="${key}"]`);
  if (!part?.matches("details")) return part?.click();  // what is a page of its own
  part.open = true;
  return part.querySelector("textarea").focus();
}

function press(key) {
  const item = current();
  if (key === "j") return go(1);
  if (key === "k") return go(-1);
  if (key === "u") return undo();
  if (key === "?") return keys?.toggleAttribute("open") && keys.querySelector("summary").focus();
  if (!item) return undefined;
  if (key === "r" || key === "e") return open(item, key);
  if (key === "x") return item.querySelector('[name="item"]')?.click();
  return item.querySelector(`button[data-key="${key}"]`)?.click();
}

function typed(event) {
  const field = event.target.closest("textarea");
  if (!field?.closest(".item")) return;
  if (event.key === "Escape") show(field.closest(".item"));
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey))
    field.closest("details").querySelector("[data-send], button[name=decision]").click();
}

function ready(within) {
  for (const shown of within.querySelectorAll(".kept-reasons, .tick-all, .keys")) shown.hidden = false;
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  if (typing) return typed(event);
  const held = event.ctrlKey || event.metaKey || event.altKey;
  if (held || event.repeat && !"jk".includes(event.key) || !"jkarescxu?".includes(event.key)) return undefined;
  if (localStorage.getItem(SWITCH) === "off") return undefined;
  event.preventDefault();
  return press(event.key);
});

queue.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-part]")) return;
  event.preventDefault();
  if (!event.target.closest(".item").hasAttribute("aria-busy")) send(event.target, event.submitter);
});

queue.addEventListener("click", (event) => {
  const kept = event.target.closest("[data-reason]");
  if (!kept) return;
  const field = kept.closest("details").querySelector("textarea");
  field.value = kept.dataset.reason;
  field.focus();
});

queue.addEventListener("change", (event) => {
  if (event.target.matches("[data-tick-all]"))
    for (const box of queue.querySelectorAll('[name="item"]')) box.checked = event.target.checked;
  if (event.target.matches("[data-keys]")) localStorage.setItem(SWITCH, event.target.checked ? "on" : "off");
});

ready(queue);
if (keys) keys.querySelector("[data-keys]").checked = localStorage.getItem(SWITCH) !== "off";
if (location.hash.startsWith("#item-")) document.getElementById(location.hash.slice(1))?.focus();
if (location.hash === "#go" && items().length) show(items()[0]);
