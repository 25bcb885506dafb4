// Addresses that name words: https://wicg.github.io/scroll-to-text-fragment/

const encode = (words) => encodeURIComponent(words).replaceAll("-", "%2D");
const LONGEST = 80;
const ENDS = 4; // words given of each end of a long passage

/** The fragment directive for the words `exact`, with the word either side when they are few. */
export function textFragment({ exact, prefix, suffix }) {
  const words = exact.split(/\s+/);
  if ((exact.length > LONGEST || exact.includes("\n")) && words.length >= 2 * ENDS) {
    return `:~:text=${encode(words.slice(0, ENDS).join(" "))},${encode(words.slice(-ENDS).join(" "))}`;
  }
  const before = prefix.split("\n").at(-1).trim().split(/\s+/).at(-1);
  const after = suffix.split("\n")[0].trim().split(/\s+/)[0];
  return `:~:text=${before ? `${encode(before)}-,` : ""}${encode(exact)}${after ? `,-${encode(after)}` : ""}`;
}
