// What the browser refuses about a key is said on the page; allauth alone would write it to the console.
const problem = document.getElementById("key-problem");

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  problem.hidden = false;
});
document.addEventListener("click", () => {
  problem.hidden = true;
});
