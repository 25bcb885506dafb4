// Hands the code (or the refusal) to the window that asked for it, and closes this one.
const { origin, ...message } = document.querySelector("[data-type]").dataset;
if (window.opener) {
  window.opener.postMessage(message, origin);
  window.close();
}
