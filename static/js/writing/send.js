import { token } from "./forms.js";

const FIELDS = ["start", "end", "revision", "exact", "body", "tags", "motivation", "visibility"];

/**
 * Sends a note. Never throws: the answer is { saved, url, state, message } or { login } or { message },
 * without a message when nobody answered.
 */
export async function send(address, record) {
  // As parameters, not as a form: a form would turn the line ends of the quoted words into CRLF.
  const body = new URLSearchParams(FIELDS.map((name) => [name, record[name] ?? ""]));
  try {
    const response = await fetch(address, {
      method: "POST",
      body,
      headers: { Accept: "application/json", "X-CSRFToken": token() },
      signal: AbortSignal.timeout(20_000),
    });
    const answer = await response.json().catch(() => ({}));
    if (response.status === 201) return { ...answer, saved: true };
    if (response.status === 401 || response.status === 403) return { login: true };
    return { message: answer.message };
  } catch {
    return {};
  }
}
