// Writing on the reading page: loaded with the first selection, or when something is not saved yet.

import { paint } from "./dom/paint.js";
import { focus, say } from "./dom/parts.js";
import { Composer } from "./elements/composer.js";
import { Toolbar } from "./elements/toolbar.js";
import { knowAgain } from "./reading/fresh.js";
import { textFragment } from "./text/fragments.js";
import { quoteAt } from "./text/selectors.js";
import { all, drop, keep, keyOf } from "./writing/drafts.js";
import { send } from "./writing/send.js";

const isPerson = () => "person" in document.documentElement.dataset;

class Writing {
  constructor(page) {
    Object.assign(this, page);
    this.page = page;
    this.slug = page.reading.dataset.slug;
    this.toolbar = document.createElement("civ-toolbar");
    this.toolbar.addEventListener("act", (event) => this.act(event.detail));
    this.listen();
    this.paint();
    this.resume();
    this.look();
  }

  listen() {
    let timer;
    let pressed = false;
    const later = (wait) => {
      clearTimeout(timer);
      timer = setTimeout(() => pressed || this.look(), wait);
    };
    document.addEventListener("pointerdown", (event) => (pressed = event.pointerType === "mouse"));
    document.addEventListener("pointerup", () => {
      pressed = false;
      later(0);
    });
    document.addEventListener("selectionchange", () => later(200));
    document.addEventListener("keydown", (event) => this.key(event), true);
    this.text.addEventListener("click", (event) => this.clicked(event));
  }

  /** Shows the toolbar when words are selected, hides it when they are not. */
  look() {
    const selection = getSelection();
    if (this.toolbar.contains(document.activeElement)) return;
    const range = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
    const span = range && range.intersectsNode(this.text) ? this.places.spanOf(range) : null;
    if (!span) return this.toolbar.hide();
    this.span = span;
    this.toolbar.show(range, this.places.paragraphAt(span.end - 1).element);
  }

  /** Escape puts the toolbar away; h and n do what its buttons do, while words are selected. */
  key(event) {
    if (!this.toolbar.isOpen || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("input, textarea, select")) return;
    const act = { Escape: "hide", h: "highlight", n: "note" }[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    this.act(act);
  }

  act(what) {
    const span = this.span;
    const hadFocus = this.toolbar.contains(document.activeElement);
    this.toolbar.hide();
    if (hadFocus) focus(this.places.paragraphAt(span.start).element);
    if (what === "copy") this.copy(span);
    if (what === "hide" || what === "copy") return;
    getSelection().removeAllRanges();
    if (what === "highlight") this.save(this.record(span, { motivation: "highlighting", visibility: this.toolbar.who }));
    else this.compose(this.recordAt(span) ?? this.record(span, { motivation: "commenting" }));
  }

  record({ start, end }, more) {
    const { exact } = quoteAt(this.places.text, start, end);
    return { start, end, exact, revision: this.reading.dataset.revision, ...more };
  }

  recordAt = ({ start, end }) => all(this.slug).find((kept) => kept.start === start && kept.end === end);

  keep(record) {
    keep(keyOf(this.slug, record), record);
    this.paint();
  }

  drop(record) {
    drop(keyOf(this.slug, record));
    this.paint();
  }

  /** Paints what is not saved, where the text still has its words. */
  paint() {
    const here = all(this.slug).filter((kept) => quoteAt(this.places.text, kept.start, kept.end).exact === kept.exact);
    paint("draft", here, this.places);
  }

  /** Saves at once; the mark is painted before the answer comes, and the line says how it stands. */
  async save(record, composer) {
    Object.assign(record, { then: "send" });
    this.keep(record);
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

  async saved(record, answer, composer) {
    composer?.close();
    this.drop(record);
    paint("draft", [...all(this.slug), record], this.places); // until one's own layer has it
    say("saved", answer.message);
    document.querySelector("[data-status] [data-link]").href = answer.url;
    await Promise.all([this.mine.refresh(), knowAgain()]);
    this.paint();
  }

  failed(record, message, composer) {
    const again = composer ? () => composer.form.requestSubmit() : () => this.save(record);
    const discard = () => {
      this.drop(record);
      composer?.close();
      say(null);
    };
    say(message ? "refused" : "unsaved", message, { retry: again, discard });
  }

  askToLogIn(record, composer) {
    this.keep({ ...record, then: record.motivation === "highlighting" && !composer ? "send" : "open", login: true });
    say("log-in");
  }

  async compose(record) {
    if (!isPerson()) return this.askToLogIn({ ...record, motivation: "commenting" });
    const key = { ...record };
    const draft = {
      load: () => this.recordAt(key),
      save: (values) => this.keep({ ...key, ...values, then: "open" }),
      drop: () => this.drop(key),
    };
    let composer;
    try {
      composer = await Composer.open(this.page, record, draft);
    } catch {
      this.keep({ ...record, then: "open" });
      return say("unreached", null, { retry: () => this.compose(record) });
    }
    composer.addEventListener("send", (event) => this.save({ ...key, ...event.detail }, composer));
    composer.addEventListener("closed", () => this.closed(key));
    this.paint();
  }

  /** Cancelled: typed words stay on their place, to be opened with a click; nothing typed leaves nothing. */
  closed(key) {
    const kept = this.recordAt(key);
    if (kept?.then !== "open") return;
    if (kept.body || kept.tags) {
      this.keep({ ...kept, then: "" });
      this.sayDraft(kept);
    } else this.drop(kept);
  }

  sayDraft(kept) {
    const discard = () => {
      this.drop(kept);
      say(null);
    };
    say("draft", null, { open: () => this.compose(kept), discard });
  }

  clicked(event) {
    if (event.target.closest("a") || !getSelection().isCollapsed) return;
    const at = this.places.under(event.clientX, event.clientY);
    const kept = at !== null && all(this.slug).find(({ start, end }) => start <= at && at < end);
    if (!kept) return;
    if (!isPerson()) say("log-in");
    else if (kept.then === "send") this.failed(kept);
    else this.compose(kept);
  }

  /** After a reload or a log-in: goes on where it was left. */
  resume() {
    if (!isPerson()) return;
    const records = all(this.slug);
    const open = records.find((record) => record.then === "open");
    const reloaded = performance.getEntriesByType("navigation")[0]?.type === "reload";
    if (open && (open.login || reloaded)) this.compose(open);
    else if (open) this.sayDraft(open);
    for (const record of records.filter(({ then }) => then === "send")) {
      if (record.login) this.save({ ...record, login: undefined });
      else this.failed(record);
    }
  }

  async copy(span) {
    const { element } = this.places.paragraphAt(span.start);
    const fragment = textFragment(quoteAt(this.places.text, span.start, span.end));
    const link = `${location.origin}${location.pathname}#p${element.dataset.number}${fragment}`;
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
