// From a point in the page to a code point of the text, and back.
// The text content of each p.p is the stored text of its paragraph; what stands beside it is not text.

import { count, toUnits } from "../text/codepoints.js";
import { join } from "../text/normalise.js";
import { trimmed } from "../text/selectors.js";

export class Places {
  /** @param {Element} root what holds the paragraphs, `p.p[data-start]`, in reading order */
  constructor(root) {
    this.paragraphs = [...root.querySelectorAll(".p[data-start]")].map((element) => ({
      element,
      start: Number(element.dataset.start),
    }));
  }

  /** The text of the revision, made on first use. */
  get text() {
    return (this.whole ??= join(this.paragraphs.map((p) => p.element.textContent)));
  }

  /** The paragraph in which code point `at` lies. */
  paragraphAt(at) {
    return this.paragraphs.findLast((p) => p.start <= at) ?? this.paragraphs[0];
  }

  /** The text nodes of a paragraph, each with the code point of the text it begins at. */
  nodesOf(paragraph) {
    if (!paragraph.nodes) {
      const walker = document.createTreeWalker(paragraph.element, NodeFilter.SHOW_TEXT);
      let at = paragraph.start;
      paragraph.nodes = [];
      while (walker.nextNode()) {
        const node = walker.currentNode;
        paragraph.nodes.push({ node, start: at, end: (at += count(node.data)) });
      }
      paragraph.end = at;
    }
    return paragraph.nodes;
  }

  /** One Range for each paragraph that [start, end) touches. */
  ranges({ start, end }) {
    const made = [];
    for (const paragraph of this.paragraphs) {
      if (paragraph.start >= end) break;
      const nodes = this.nodesOf(paragraph);
      if (paragraph.end <= start || !nodes.length) continue;
      const range = document.createRange();
      range.setStart(...pointIn(nodes.find((n) => n.end > start), start));
      range.setEnd(...pointIn(nodes.find((n) => n.end >= end) ?? nodes.at(-1), end));
      made.push(range);
    }
    return made;
  }

  /** The code point at a DOM point; outside the paragraphs, the nearest edge of the one before or after it. */
  positionOf(node, offset) {
    const here = document.createRange();
    here.setStart(node, offset);
    let before = 0;
    for (const paragraph of this.paragraphs) {
      const range = document.createRange();
      range.selectNodeContents(paragraph.element);
      if (here.compareBoundaryPoints(Range.START_TO_START, range) < 0) return before;
      if (here.compareBoundaryPoints(Range.END_TO_START, range) <= 0) {
        range.setEnd(node, offset);
        return paragraph.start + count(range.toString());
      }
      this.nodesOf(paragraph);
      before = paragraph.end;
    }
    return before;
  }

  /** The words of a Range as { start, end }, without white space at the ends; null when there are none. */
  spanOf(range) {
    const start = this.positionOf(range.startContainer, range.startOffset);
    const end = this.positionOf(range.endContainer, range.endOffset);
    return start < end ? trimmed(this.text, start, end) : null;
  }

  /** The code point under a point of the window, or null. Inside `within` (a mark) when that is given. */
  under(x, y, within) {
    const caret = document.caretPositionFromPoint?.(x, y);
    const range = caret ? null : document.caretRangeFromPoint?.(x, y);
    const node = caret?.offsetNode ?? range?.startContainer;
    if (!(node?.closest ? node : node?.parentElement)?.closest(".p")) return null;
    const at = this.positionOf(node, caret?.offset ?? range.startOffset);
    if (!within) return at;
    const start = this.positionOf(within, 0); // a caret falls between letters: keep to the letters of the mark
    return Math.max(start, Math.min(at, start + count(within.textContent) - 1));
  }
}

function pointIn({ node, start }, at) {
  return [node, toUnits(node.data, at - start)];
}
