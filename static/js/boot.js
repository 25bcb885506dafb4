// Runs before anything is painted, so that nothing flashes: a classic script, small, without dependencies.
(() => {
  const html = document.documentElement;
  html.classList.add("js");
  try {
    const theme = localStorage.getItem("civdip:theme");
    if (theme) html.dataset.theme = theme;
    html.dataset.hide = localStorage.getItem("civdip:hide") ?? "";
  } catch {
    html.dataset.hide = ""; // storage is forbidden: the page works, it only forgets
  }
})();
