import assert from "node:assert/strict";
import { test } from "node:test";

import { textFragment } from "../../static/js/text/fragments.js";

const of = (text, words, at = text.indexOf(words)) => textFragment(text, at, at + words.length);

test("few words are named with the word either side", () => {
  assert.equal(of("following a spy balloon incident in", "spy balloon"), ":~:text=a-,spy%20balloon,-incident");
});

test("signs of the syntax itself are written as percent codes", () => {
  assert.equal(of("Sino-US, & more", "Sino-US, & more"), ":~:text=Sino%2DUS%2C%20%26%20more");
});

test("a long passage is named by its ends", () => {
  const text = "one two three four five six\n\nseven eight nine ten";
  assert.equal(of(text, text), ":~:text=one%20two%20three%20four,seven%20eight%20nine%20ten");
});

test("context never comes from another paragraph", () => {
  assert.equal(of("the end.\n\nbegins\n\nNext", "begins"), ":~:text=begins");
});

test("words that stand in several places get as many words around them as tell them apart", () => {
  const text = "He met the envoys of the king. Later she met the envoys of the queen.";
  const second = text.lastIndexOf("envoys");
  assert.equal(of(text, "envoys", second), ":~:text=she%20met%20the-,envoys,-of%20the%20queen.");
});

test("half a word is no place that a browser finds: the whole is named", () => {
  assert.equal(of("a spy balloon rose", "y ball"), ":~:text=a-,spy%20balloon,-rose");
});

test("a place that cannot be told apart still has an end", () => {
  assert.match(of("so so so so", "so", 3), /^:~:text=so/);
});

test("Chinese has edges of words too", () => {
  assert.match(of("民间外交始于一九四九年", "外交"), /^:~:text=/);
});
