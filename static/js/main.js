// Every page: where it begins, the switch of colours, and what typing needs where there is something to type.

import { focus, html, memory } from "./dom/parts.js";

const reading = document.querySelector("#reading");
if (reading) import("./reading.js").then((module) => module.start(reading));

const thread = document.querySelector("[data-thread]");
if (thread) import("./reading/thread.js").then((module) => module.start(thread));

const forms = document.querySelectorAll("form:has([data-preview-part])");
if (forms.length || memory.get("civdip:sent")) import("./writing/forms.js").then((module) => module.start(forms));

// A page that answers a form begins where it says how that went, unless its address names a place.
const wrong = document.querySelector("main .errorlist")?.parentElement.querySelector("input:not([type=hidden]), textarea, select");
const told = wrong ?? document.querySelector("main .problem[role=alert]:not([hidden])") ?? document.querySelector("#says > p");
if (told && document.activeElement === document.body && !document.querySelector(":target")) {
  focus(told);
  told.scrollIntoView({ block: "nearest" });
}

const button = document.querySelector("[data-theme-switch]");
button.hidden = false;
button.onclick = () => {
  const device = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const next = (html.dataset.theme ?? device) === "dark" ? "light" : "dark";
  if (next === device) {
    delete html.dataset.theme;
    memory.drop("civdip:theme");
  } else memory.set("civdip:theme", (html.dataset.theme = next));
};
