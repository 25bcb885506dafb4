// Every page: the colours' switch, and what typing needs where there is something to type.

const html = document.documentElement;

function switchTheme(button) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  button.hidden = false;
  button.onclick = () => {
    const device = dark.matches ? "dark" : "light";
    const next = (html.dataset.theme ?? device) === "dark" ? "light" : "dark";
    if (next === device) delete html.dataset.theme;
    else html.dataset.theme = next;
    try {
      if (next === device) localStorage.removeItem("civdip:theme");
      else localStorage.setItem("civdip:theme", next);
    } catch {} // storage is forbidden: it holds until the page is left
  };
}

const button = document.querySelector("[data-theme-switch]");
if (button) switchTheme(button);

const reading = document.querySelector("#reading");
if (reading) import("./reading.js").then((module) => module.start(reading));

const forms = document.querySelectorAll("form:has(textarea[name=body])");
if (forms.length || wasSent()) import("./writing/forms.js").then((module) => module.start(forms));

/** True on the page that answers a form with a draft. */
function wasSent() {
  try {
    return sessionStorage.length > 0;
  } catch {
    return false;
  }
}
