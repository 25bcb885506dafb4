// Rectangles in, positions out: arithmetic only.

const GAP = 8;
const LEAST = 200; // lower than this a box is of no use

/**
 * Where a box goes beside a rectangle: below it if it fits there, else above, else where there is more room,
 * cut to that; never over it unless the window is very low.
 * @param {{left, right, top, bottom}} near
 * @param {{width, height}} size of the box
 * @param {{width, height}} room the window; all in CSS pixels
 */
export function beside(near, size, room, { above = false } = {}) {
  const space = { over: near.top - 2 * GAP, below: room.height - near.bottom - 2 * GAP };
  const [first, second] = above ? ["over", "below"] : ["below", "over"];
  const wanted = Math.min(size.height, LEAST);
  const side = [first, second].find((each) => space[each] >= size.height) ?? (space[first] >= space[second] ? first : second);
  const height = Math.max(wanted, Math.min(size.height, space[side]));
  const top = side === "below" ? near.bottom + GAP : near.top - GAP - height;
  return {
    left: clamp(near.left, GAP, room.width - size.width - GAP),
    top: clamp(top, GAP, room.height - height - GAP),
    height,
  };
}

/**
 * The tops of notes of a margin, in order, none over another, each as near its words as the others allow.
 * @param {{top, height}[]} notes where each would like to begin, in reading order
 * @param {number} room how far down they may reach, if they can
 * @param {number} lit the one that has its place whatever the others want, or -1
 */
export function stack(notes, room = Infinity, lit = -1, gap = 14) {
  const tops = notes.map((note) => note.top);
  const push = (from) => {
    for (let i = from; i < tops.length; i++) tops[i] = Math.max(tops[i], tops[i - 1] + notes[i - 1].height + gap);
  };
  const lift = (from, limit) => {
    for (let i = from; i >= 0; i--) {
      tops[i] = Math.min(tops[i], limit - notes[i].height);
      limit = tops[i] - gap;
    }
  };
  push(1);
  lift(tops.length - 1, Math.max(room, 0));
  if (lit >= 0) {
    tops[lit] = notes[lit].top;
    lift(lit - 1, tops[lit] - gap);
    push(lit + 1);
  }
  if (tops[0] < 0) {
    tops[0] = 0;
    push(1);
  }
  return tops;
}

const clamp = (value, least, most) => Math.max(least, Math.min(value, most));
