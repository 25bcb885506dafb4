// From a point in the page to a code point of the text, and back.
// The text content of each .p is the stored text of its paragraph; what stands beside it is no text.

import { count, join, toUnits, trimmed } from "../text/positions.js";

export class Places {
  /** `root` holds the paragraphs in reading order. */
  constructor(root) {
    this.paragraphs = [...root.querySelectorAll(".p[data-start]")].map((element) => ({
      element,
      start: +element.dataset.start,
    }));
  }

  get text() {
    return (this.whole ??= join(this.paragraphs.map((p) => p.element.textContent)));
  }

  indexAt = (at) => Math.max(0, this.paragraphs.findLastIndex((p) => p.start <= at));

  /** The element of the paragraph in which code point `at` lies. */
  paragraphAt = (at) => this.paragraphs[this.indexAt(at)].element;

  /** The text nodes of a paragraph, each with the code points of the text it holds. */
  nodesOf(paragraph) {
    if (!paragraph.nodes) {
      const walker = document.createTreeWalker(paragraph.element, NodeFilter.SHOW_TEXT);
      let start = (paragraph.end = paragraph.start);
      paragraph.nodes = [];
      while (walker.nextNode()) {
        const node = walker.currentNode;
        paragraph.nodes.push({ node, start, end: (paragraph.end += count(node.data)) });
        start = paragraph.end;
      }
    }
    return paragraph.nodes;
  }

  /** One Range for each paragraph that [start, end) touches. */
  ranges({ start, end }) {
    const made = [];
    for (let i = this.indexAt(start); this.paragraphs[i]?.start < end; i++) {
      const nodes = this.nodesOf(this.paragraphs[i]);
      const first = nodes.find((n) => n.end > start);
      if (!first) continue;
      const range = new Range();
      range.setStart(...pointIn(first, Math.max(start, first.start)));
      range.setEnd(...pointIn(nodes.find((n) => n.end >= end) ?? nodes.at(-1), end));
      made.push(range);
    }
    return made;
  }

  /** The code point at a DOM point; between paragraphs, the end of the one before. */
  positionOf(node, offset) {
    const inside = (node.closest ? node : node.parentElement).closest(".p[data-start]");
    const range = new Range();
    if (inside) {
      range.selectNodeContents(inside);
      range.setEnd(node, offset);
      return +inside.dataset.start + count(`${range}`);
    }
    range.setStart(node, offset);
    const before = this.paragraphs.findLast(({ element }) => range.comparePoint(element, 0) < 0);
    return before ? before.start + count(before.element.textContent) : 0;
  }

  /** The words of a Range as { start, end }, without white space at its ends; null when there are none. */
  spanOf({ startContainer, startOffset, endContainer, endOffset }) {
    const start = this.positionOf(startContainer, startOffset);
    const end = this.positionOf(endContainer, endOffset);
    return start < end ? trimmed(this.text, start, end) : null;
  }

  /** The code point under a point of the window, or null; one of `mark`, when that is what was touched. */
  under(x, y, mark) {
    const caret = document.caretPositionFromPoint?.(x, y);
    const range = caret ? null : document.caretRangeFromPoint?.(x, y);
    const node = caret?.offsetNode ?? range?.startContainer;
    if (!(node?.closest ? node : node?.parentElement)?.closest(".p[data-start]")) return null;
    const at = this.positionOf(node, caret?.offset ?? range.startOffset);
    if (!mark) return at;
    const start = this.positionOf(mark, 0); // a caret falls between letters: keep to those of the mark
    return Math.max(start, Math.min(at, start + count(mark.textContent) - 1));
  }

  /** Colours the spans without touching the document (see ::highlight() in floating.css); none clears it. */
  paint(name, spans) {
    const ranges = spans.flatMap((span) => this.ranges(span));
    if (ranges.length) globalThis.CSS?.highlights?.set(name, new Highlight(...ranges));
    else globalThis.CSS?.highlights?.delete(name);
  }
}

const pointIn = ({ node, start }, at) => [node, toUnits(node.data, at - start)];
