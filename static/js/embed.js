// <civdip-notes article="https://reader.example.org/articles/a-text/"></civdip-notes>
// The public notes on an article, on any other site: read as W3C Web Annotations, shown in a shadow tree of their own.

const KEPT = new Set(["P", "EM", "STRONG", "A", "UL", "OL", "LI", "BLOCKQUOTE", "CODE", "PRE", "BR", "DEL"]);
const STYLE = `
:host { display: block; font: 1rem/1.5 Georgia, "Noto Serif", serif; color: inherit }
ol { list-style: none; margin: 0; padding: 0 } li { margin-block: 1.1rem; padding-inline-start: .9rem; border-inline-start: 2px solid #b8862b }
li > blockquote { margin: 0 0 .3rem; opacity: .8; font-style: italic } .by, .origin { font: .8em/1.5 system-ui, sans-serif; opacity: .85 }
.body p { margin: .3rem 0 } a { color: inherit } button { font: inherit; cursor: pointer }`;

const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

/** A link, where the address is one of the web; else the words alone. */
const link = (href, words) => (/^https?:\/\//.test(href) ? make("a", { href, textContent: words }) : words);

/** The HTML of a note without anything that could act: only known tags, and of attributes only web addresses. */
function harmless(node) {
  if (node.nodeType === Node.TEXT_NODE) return [node.data];
  if (node.nodeType !== Node.ELEMENT_NODE) return [];
  const children = [...node.childNodes].flatMap(harmless);
  if (!KEPT.has(node.tagName)) return children;
  const copy = make(node.tagName, {}, ...children);
  const href = node.getAttribute("href") ?? "";
  if (node.tagName === "A" && /^https?:\/\//.test(href)) copy.href = href;
  return [copy];
}

const bodies = (note) => [note.body ?? []].flat();
const targets = (note) => [note.target ?? []].flat();

function words(note) {
  const html = bodies(note).find((body) => body.format === "text/html");
  const parsed = new DOMParser().parseFromString(html?.value ?? "", "text/html");
  return make("div", { className: "body" }, ...[...parsed.body.childNodes].flatMap(harmless));
}

function shown(note) {
  const selectors = targets(note).flatMap((target) => target.selector ?? []);
  const quote = selectors.find((selector) => selector.type === "TextQuoteSelector");
  const item = make("li", {}, words(note));
  if (quote) item.prepend(make("blockquote", {}, link(note.id.replace("/annotations/", "/notes/") + "/", quote.exact)));
  const tags = bodies(note).filter((body) => body.purpose === "tagging").map((body) => `#${body.value}`);
  item.append(make("div", { className: "by" }, [note.creator?.name, ...tags].filter(Boolean).join(" · ")));
  return item;
}

/** Whose text it is, and under which licence: it is quoted here. */
function origin(container, notes, article) {
  const target = notes.flatMap(targets).find((each) => each.rights) ?? {};
  const names = [target.creator ?? []].flat().map((creator) => creator.name).filter(Boolean);
  const line = make("p", { className: "origin" }, link(article, container.label ?? article));
  if (names.length) line.append(" · ", names.join(", "));
  if (target.rights) line.append(" · ", link(target.rights, target.rights.replace(/^https?:\/\//, "")));
  return line;
}

class CivdipNotes extends HTMLElement {
  static observedAttributes = ["article"];

  attributeChangedCallback() {
    if (this.isConnected) this.load();
  }

  connectedCallback() {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    this.load();
  }

  async load() {
    const article = this.getAttribute("article") ?? "";
    const list = make("ol");
    const state = make("p", { textContent: "…" });
    this.shadowRoot.replaceChildren(list, state);
    try {
      const container = await read(new URL("annotations/", article.replace(/\/?$/, "/")));
      state.replaceWith(origin(container, container.first?.items ?? [], article));
      this.add(list, container.first);
    } catch {
      state.replaceChildren(link(article, "The notes cannot be loaded just now. Read them at their place."));
    }
  }

  /** A page of notes, and a button for the next one. */
  add(list, page) {
    list.append(...(page?.items ?? []).map(shown));
    if (!page?.next) return;
    const more = make("button", { type: "button", textContent: "More" });
    more.onclick = async () => {
      const next = await read(page.next).catch(() => null);
      if (!next) return;
      more.remove();
      this.add(list, next);
    };
    list.after(more);
  }
}

async function read(address) {
  const response = await fetch(address, { headers: { Accept: "application/ld+json" }, credentials: "omit" });
  if (!response.ok) throw new Error(response.statusText);
  return response.json();
}

if (!customElements.get("civdip-notes")) customElements.define("civdip-notes", CivdipNotes);
