// Where the reader is: the line under the page's head, and the paragraph in the table of contents.

export function showProgress(line, text) {
  let asked = 0;
  const draw = () => {
    asked = 0;
    const { top, height } = text.getBoundingClientRect();
    const done = (innerHeight - top) / (height || 1);
    line.style.transform = `scaleX(${Math.max(0, Math.min(1, scrollY ? done : 0)).toFixed(4)})`;
  };
  const later = () => (asked ||= requestAnimationFrame(draw));
  addEventListener("scroll", later, { passive: true });
  addEventListener("resize", later);
  later();
}

export function followReader(rail, paragraphs) {
  const links = new Map([...rail.querySelectorAll('a[href^="#p"]')].map((link) => [link.hash.slice(1), link]));
  const seen = new Set();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) seen[isIntersecting ? "add" : "delete"](target);
      const current = paragraphs.find((paragraph) => seen.has(paragraph));
      if (!current) return;
      for (const [id, link] of links) {
        if (id === current.id) link.setAttribute("aria-current", "location");
        else link.removeAttribute("aria-current");
      }
    },
    { rootMargin: "-15% 0px -60% 0px" },
  );
  for (const paragraph of paragraphs) observer.observe(paragraph);
}
