// JavaScript counts as Python does: tests/text/test_vectors.py reads the same vectors.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { count, join, quoteAt, toPoints, toUnits, trimmed, wordsAt } from "../../static/js/text/positions.js";

const vectors = (name) => JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), "utf8"));

for (const { name, paragraphs, starts, code_points, utf16_units, places } of vectors("positions")) {
  const text = join(paragraphs);

  test(`${name}: the text and its length`, () => {
    assert.equal(text.length, utf16_units);
    assert.equal(count(text), code_points);
    assert.deepEqual(paragraphs.map((_, i) => count(join([...paragraphs.slice(0, i), ""]))), starts);
  });

  for (const { start, end, exact, prefix, suffix, units } of places) {
    test(`${name}: words at ${start}`, () => {
      assert.deepEqual(quoteAt(text, start, end), { exact, prefix, suffix });
      assert.equal(wordsAt(text, start, end), exact);
      assert.deepEqual([toUnits(text, start), toUnits(text, end)], units);
      assert.deepEqual(units.map((unit) => toPoints(text, unit)), [start, end]);
    });
  }

  test(`${name}: every code point goes to units and back`, () => {
    for (let at = 0; at <= code_points; at++) assert.equal(toPoints(text, toUnits(text, at)), at);
  });
}

for (const { name, text, span, trimmed: wanted } of vectors("trimmed")) {
  test(`trimmed: ${name}`, () => {
    const found = trimmed(text, ...span);
    assert.deepEqual(found && [found.start, found.end], wanted);
  });
}

test("a place inside a pair of units counts as before it", () => {
  assert.equal(toPoints("a🙂b", 2), 1);
});

test("places outside the text end at its ends", () => {
  assert.equal(toUnits("a🙂", 99), 3);
  assert.equal(toPoints("a🙂", 99), 2);
});
