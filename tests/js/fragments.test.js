import assert from "node:assert/strict";
import { test } from "node:test";

import { textFragment } from "../../static/js/text/fragments.js";

test("few words are named with the word either side", () => {
  const quote = { exact: "spy balloon", prefix: "following a ", suffix: " incident in" };
  assert.equal(textFragment(quote), ":~:text=a-,spy%20balloon,-incident");
});

test("signs of the syntax itself are written as percent codes", () => {
  const quote = { exact: "Sino-US, & more", prefix: "", suffix: "" };
  assert.equal(textFragment(quote), ":~:text=Sino%2DUS%2C%20%26%20more");
});

test("a long passage is named by its ends", () => {
  const quote = { exact: "one two three four five six\n\nseven eight nine ten", prefix: "", suffix: "" };
  assert.equal(textFragment(quote), ":~:text=one%20two%20three%20four,seven%20eight%20nine%20ten");
});

test("context never comes from another paragraph", () => {
  const quote = { exact: "begins", prefix: "the end.\n\n", suffix: "\n\nNext" };
  assert.equal(textFragment(quote), ":~:text=begins");
});
