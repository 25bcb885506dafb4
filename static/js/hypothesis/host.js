// What the sidebar's own buttons do in our page. A classic script, since the client asks for a global function.
(() => {
  const words = document.querySelector("script.js-hypothesis-config");
  const ways = document.querySelector("#hypothesis-ways").dataset;
  const go = (address) => () => location.assign(address);

  function logOut() {
    const form = document.querySelector("#log-out");
    if (form) form.requestSubmit();
  }

  window.hypothesisConfig = () => {
    const { services } = JSON.parse(words.textContent);
    const service = {
      ...services[0],
      onLoginRequest: go(ways.login),
      onSignupRequest: go(ways.signup),
      onProfileRequest: go(ways.me),
      onHelpRequest: go(ways.help),
      onLogoutRequest: logOut,
    };
    return { services: [service] };
  };
})();
