// Writing on the reading page: loaded with the first selection, or when something is not saved yet.

import { focus, isPerson, memory, say } from "./dom/parts.js";
import { Composer } from "./elements/composer.js";
import { Toolbar } from "./elements/toolbar.js";
import { textFragment } from "./text/fragments.js";
import { quoteAt, toUnits } from "./text/positions.js";
import { all, keep, keyOf, newUid, read, send } from "./writing/drafts.js";

/**
 * A record is what is not saved yet: { uid, start, end, exact, revision, motivation, visibility, body, tags, then, login }.
 * `then` says what is to be done with it: "send" it, "open" its form, or nothing until its words are pressed.
 */
class Writing {
  constructor(page) {
    Object.assign(this, page, { page, slug: page.reading.dataset.slug });
    this.toolbar = document.createElement("civ-toolbar");
    this.toolbar.addEventListener("act", ({ detail }) => this.act(detail));
    this.listen();
    this.paint();
    this.resume();
    this.look();
  }

  listen() {
    let timer;
    let pressed;
    const later = (wait) => {
      clearTimeout(timer);
      timer = setTimeout(() => pressed || this.look(), wait);
    };
    document.addEventListener("pointerdown", ({ pointerType }) => (pressed = pointerType === "mouse"));
    document.addEventListener("pointerup", () => later((pressed = 0)));
    document.addEventListener("selectionchange", () => later(200));
    document.addEventListener("keydown", (event) => this.key(event), true);
    this.text.addEventListener("click", (event) => this.clicked(event));
    this.text.addEventListener("renewed", () => this.paint());
  }

  /** Shows the toolbar when words are selected, hides it when they are not. */
  look() {
    if (this.toolbar.contains(document.activeElement)) return;
    const selection = getSelection();
    const range = !selection.isCollapsed && selection.getRangeAt(0);
    const span = range && range.intersectsNode(this.text) && this.places.spanOf(range);
    if (!span) return this.toolbar.hide();
    this.span = span;
    this.toolbar.show(range, this.places.paragraphAt(span.end - 1), this.mine.groups);
  }

  /** Escape puts the toolbar away; h and n do what its buttons do, while words are selected. */
  key(event) {
    const act = { Escape: "hide", h: "highlight", n: "note" }[event.key];
    const typing = event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, textarea, select");
    if (!act || typing || !this.toolbar.isOpen) return;
    event.preventDefault();
    event.stopPropagation();
    this.act(act);
  }

  act(what) {
    const { span, toolbar } = this;
    if (toolbar.contains(document.activeElement)) focus(this.places.paragraphAt(span.start));
    toolbar.hide();
    if (what === "copy") return this.copy(span);
    if (what === "card") return location.assign(`${this.reading.dataset.suggest}?${new URLSearchParams({ ...span, revision: this.reading.dataset.revision })}`);
    if (what === "hide") return null;
    getSelection().removeAllRanges();
    if (what === "note") return this.compose(read(keyOf(this.slug, span)) ?? this.record(span, { motivation: "commenting" }));
    return this.save(this.record(span, { motivation: "highlighting", visibility: toolbar.who }));
  }

  record({ start, end }, more) {
    const { exact } = quoteAt(this.places.text, start, end);
    return { uid: newUid(), start, end, exact, revision: this.reading.dataset.revision, ...more };
  }

  keep(record) {
    keep(keyOf(this.slug, record), record);
    this.paint();
  }

  drop(record) {
    memory.drop(keyOf(this.slug, record));
    this.paint();
  }

  /** Paints what is not saved, where the text still has its words. */
  paint() {
    const here = ({ start, end, exact }) => quoteAt(this.places.text, start, end).exact === exact;
    this.places.paint("draft", all(this.slug).filter(here));
  }

  /** Saves at once; the mark is painted before the answer comes, and the line says how it stands. */
  async save(record, composer) {
    this.keep({ ...record, then: "send" });
    if (!isPerson()) return this.askToLogIn(record, composer);
    say("saving");
    if (composer) composer.busy = true;
    const answer = await send(this.reading.dataset.annotate, record);
    if (composer) composer.busy = false;
    if (answer.saved) return this.saved(record, answer, composer);
    if (answer.login) return this.askToLogIn(record, composer);
    if (composer) this.keep({ ...record, then: "open" });
    return this.failed(record, answer.message, composer);
  }

  async saved(record, { message, url }, composer) {
    composer?.close();
    say("saved", message);
    document.querySelector("[data-status] a").href = url;
    memory.drop(keyOf(this.slug, record));
    await this.mine.refresh();
    this.paint(); // only now: one's own layer has it
    this.news.look();
  }

  failed(record, message, composer) {
    const retry = () => (composer ? composer.form.requestSubmit() : this.save(record));
    const discard = () => this.discard(record, composer);
    say(message ? "refused" : "unsaved", message, { retry, discard });
  }

  discard(record, composer) {
    this.drop(record);
    composer?.close();
    say();
  }

  askToLogIn(record, composer) {
    const then = composer || record.motivation !== "highlighting" ? "open" : "send";
    this.keep({ ...record, then, login: true });
    say("log-in");
  }

  async compose(record) {
    if (!isPerson()) return this.askToLogIn(record);
    const { uid, start, end, exact, revision } = record;
    const place = { uid, start, end, exact, revision };
    const draft = {
      load: () => read(keyOf(this.slug, place)),
      save: (values) => this.keep({ ...place, ...values, then: "open" }),
      drop: () => this.drop(place),
    };
    try {
      const composer = await Composer.open(this.page, record, draft);
      composer.addEventListener("send", ({ detail }) => this.save({ ...place, ...detail }, composer));
      composer.addEventListener("closed", () => this.closed(place));
    } catch {
      this.keep({ ...record, then: "open" });
      say("unreached", null, { retry: () => this.compose(record) });
    }
  }

  /** Cancelled: typed words stay on their place, to be opened again; nothing typed leaves nothing. */
  closed(place) {
    const kept = read(keyOf(this.slug, place));
    if (kept?.then !== "open") return;
    if (!kept.body && !kept.tags) return this.drop(kept);
    this.keep({ ...kept, then: "" });
    this.sayDraft(kept);
  }

  sayDraft(kept) {
    say("draft", null, { open: () => say() ?? this.compose(kept), discard: () => this.discard(kept) });
  }

  clicked({ target, clientX, clientY }) {
    if (target.closest("a, button") || !getSelection().isCollapsed) return;
    const at = this.places.under(clientX, clientY);
    const kept = at !== null && all(this.slug).find(({ start, end }) => start <= at && at < end);
    if (!kept) return;
    if (!isPerson()) say("log-in");
    else if (kept.then === "send") this.failed(kept);
    else this.compose(kept);
  }

  /** After a reload or a log-in: goes on where it was left. */
  resume() {
    if (!isPerson()) return;
    const reloaded = performance.getEntriesByType("navigation")[0]?.type === "reload";
    for (const record of all(this.slug)) {
      const { then, login } = record;
      if (then === "send") login ? this.save({ ...record, login: false }) : this.failed(record);
      if (then === "open") login || reloaded ? this.compose(record) : this.sayDraft(record);
    }
  }

  async copy(span) {
    const { number } = this.places.paragraphAt(span.start).dataset;
    const { text } = this.places;
    const link = `${location.origin}${location.pathname}#p${number}${textFragment(text, toUnits(text, span.start), toUnits(text, span.end))}`;
    try {
      await navigator.clipboard.writeText(link);
      say("copied");
    } catch {
      say("link", link);
    }
  }
}

/** Starts writing on a reading page. */
export function start(page) {
  customElements.define("civ-toolbar", Toolbar);
  customElements.define("civ-composer", Composer);
  return new Writing(page);
}
