import assert from "node:assert/strict";
import { test } from "node:test";

import { beside, stack } from "../../static/js/dom/placement.js";

const room = { width: 1000, height: 800 };
const box = { width: 300, height: 200 };
const at = (left, top) => ({ left, right: left + 80, top, bottom: top + 20 });

test("a box goes below what it belongs to", () => {
  assert.deepEqual(beside(at(100, 100), box, room), { left: 100, top: 128, height: 200 });
});

test("near the lower edge it goes above", () => {
  assert.deepEqual(beside(at(100, 700), box, room), { left: 100, top: 492, height: 200 });
});

test("near the right edge it stays inside", () => {
  assert.equal(beside(at(900, 100), box, room).left, 692);
});

test("a toolbar goes above if there is room", () => {
  assert.equal(beside(at(100, 400), { width: 300, height: 40 }, room, true).top, 352);
  assert.equal(beside(at(100, 10), { width: 300, height: 40 }, room, true).top, 38);
});

test("what fits nowhere is cut to the roomier side and does not cover the words", () => {
  const { top, height } = beside(at(100, 500), { width: 300, height: 700 }, room);
  assert.deepEqual([top, top + height], [8, 492]);
});

const note = (top, height = 100) => ({ top, height });

test("notes with room stand at their words", () => {
  assert.deepEqual(stack([note(0), note(300), note(700)], 900), [0, 300, 700]);
});

test("notes without room push the next ones down", () => {
  assert.deepEqual(stack([note(0), note(50), note(60)], 900), [0, 114, 228]);
});

test("the last ones are lifted when they would leave the margin", () => {
  assert.deepEqual(stack([note(0), note(700), note(750)], 800), [0, 586, 700]);
});

test("a lit note has its place and the others make room", () => {
  assert.deepEqual(stack([note(200), note(210), note(220)], 900, 1), [96, 210, 324]);
});

test("what finds no room above a lit note stays under it", () => {
  assert.deepEqual(stack([note(0), note(10), note(60)], 900, 2), [0, 114, 60]);
});

test("no note is above the margin, and none is no error", () => {
  assert.deepEqual(stack([note(-50)], 900), [0]);
  assert.deepEqual(stack([], 900), []);
});

test("more notes than room run on below", () => {
  assert.deepEqual(stack([note(0), note(0), note(0)], 150), [0, 114, 228]);
});
