// What was typed or chosen: kept in this browser until the site has it.

import { memory } from "../dom/parts.js";

const PREFIX = "civdip:draft:";
const SENT_FIELDS = ["uid", "start", "end", "revision", "exact", "body", "tags", "motivation", "visibility"];

/** A name for a new note: sent again, because no answer came, it is the same note. */
export const newUid = () =>
  btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16)))).replaceAll("+", "-").replaceAll("/", "_").slice(0, 22);

/** Where a record for [start, end) of an article is kept. */
export const keyOf = (slug, { start, end }) => `${PREFIX}${slug}:${start}-${end}`;

export const keep = (key, record) => memory.set(key, JSON.stringify(record));

export function read(key) {
  try {
    return JSON.parse(memory.get(key));
  } catch {
    return null; // not ours
  }
}

/** Every record kept for one article. */
export const all = (slug) => memory.keys(`${PREFIX}${slug}:`).map(read).filter((record) => record?.end > record?.start);

/** The token against forged requests: the cookie has the newest, the page the one it was made with. */
export const token = () =>
  /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value;

/** Posts fields. As parameters, not as a form: that would turn the line ends of quoted words into CRLF. */
export const post = (url, fields) =>
  fetch(url, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { Accept: "application/json", "X-CSRFToken": token() ?? "" },
    signal: AbortSignal.timeout(20_000),
  });

/**
 * Sends a note. Never throws: { saved, url, message }, { login } or { message }, which is missing when nobody
 * answered.
 */
export async function send(url, record) {
  try {
    const response = await post(url, SENT_FIELDS.map((name) => [name, record[name] ?? ""]));
    if (response.status === 401 || response.status === 403) return { login: true };
    const answer = await response.json();
    return { ...answer, saved: response.status === 201 };
  } catch {
    return {};
  }
}
