// Colour behind words without touching the document: the CSS Custom Highlight API, where there is one.

/** Paint the spans under one name (see ::highlight() in floating.css); an empty list clears it. */
export function paint(name, spans, places) {
  if (!globalThis.CSS?.highlights) return;
  const ranges = spans.flatMap((span) => places.ranges(span));
  if (!ranges.length) return void CSS.highlights.delete(name);
  CSS.highlights.set(name, new Highlight(...ranges));
}
