// Rectangles in, positions out: arithmetic only, in CSS pixels.

const GAP = 8;
const LEAST = 200; // lower than this a box is of no use

/**
 * Where a box of `size` goes beside the rectangle `near` in a window of size `room`: below it if it fits there,
 * else above (the other way round with `above`), else where there is more room, and then only as high as that.
 */
export function beside(near, size, room, above) {
  const space = { over: near.top - 2 * GAP, below: room.height - near.bottom - 2 * GAP };
  const sides = above ? ["over", "below"] : ["below", "over"];
  const roomier = space[sides[0]] >= space[sides[1]] ? sides[0] : sides[1];
  const side = sides.find((each) => space[each] >= size.height) ?? roomier;
  const height = Math.max(Math.min(size.height, LEAST), Math.min(size.height, space[side]));
  return {
    left: clamp(near.left, room.width - size.width - GAP),
    top: clamp(side === "below" ? near.bottom + GAP : near.top - GAP - height, room.height - height - GAP),
    height,
  };
}

/**
 * The tops of the notes of a margin, each as near its words as the others allow.
 * `notes` are { top, height } in reading order, `room` how far down they may reach if they can, `lit` the one
 * that has its place whatever the others want.
 */
export function stack(notes, room = Infinity, lit = -1, gap = 14) {
  const tops = notes.map((note) => note.top);
  const push = (from, to, floor) => {
    for (let i = from; i < to; i++) {
      tops[i] = Math.max(tops[i], floor);
      floor = tops[i] + notes[i].height + gap;
    }
  };
  const lift = (from, ceiling) => {
    for (let i = from; i >= 0; i--) {
      tops[i] = Math.min(tops[i], ceiling - notes[i].height);
      ceiling = tops[i] - gap;
    }
  };
  const above = lit < 0 ? tops.length : lit;
  push(0, above, 0);
  if (lit >= 0) {
    tops[lit] = Math.max(0, notes[lit].top);
    push(lit + 1, tops.length, tops[lit] + notes[lit].height + gap);
  }
  lift(above - 1, lit < 0 ? room : tops[lit] - gap);
  push(0, above, 0); // what finds no room above stays: the lit one covers it
  return tops;
}

const clamp = (value, most) => Math.max(GAP, Math.min(value, most));
