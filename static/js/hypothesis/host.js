// What the sidebar's own buttons do in our page. A classic script, since the client asks for a global function.
(() => {
  const words = document.querySelector("script.js-hypothesis-config");
  const ways = document.querySelector("#hypothesis-ways").dataset;
  const go = (address) => () => location.assign(address);

  function logOut() {
    const form = document.querySelector("#log-out");
    if (form) form.requestSubmit();
  }

  /** How much stands in the page before the text, in UTF-16 code units: the client's positions count it too. */
  function shownBefore() {
    const range = document.createRange();
    range.setStart(document.body, 0);
    range.setEndBefore(document.querySelector(".text .p"));
    return range.toString().length;
  }

  // The client's first script reads these two addresses from the page itself, and asks the API at once.
  const config = JSON.parse(words.textContent), before = shownBefore();
  config.sidebarAppUrl += `?behind=${before}`;
  config.services[0].apiUrl += `behind/${before}/`;
  words.textContent = JSON.stringify(config);

  window.hypothesisConfig = () => {
    const service = {
      ...config.services[0],
      onLoginRequest: go(ways.login),
      onSignupRequest: go(ways.signup),
      onProfileRequest: go(ways.me),
      onHelpRequest: go(ways.help),
      onLogoutRequest: logOut,
    };
    return { services: [service] };
  };
})();
