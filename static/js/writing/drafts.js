// What was typed or chosen and is not saved yet, kept in this browser until it is.

const PREFIX = "civdip:draft:";

export const keyOf = (slug, { start, end }) => `${PREFIX}${slug}:${start}-${end}`;
export const formKey = (name) => `civdip:form:${name}`;

export function keep(key, record) {
  try {
    localStorage.setItem(key, JSON.stringify(record));
  } catch {} // storage is full or forbidden: the form itself still holds the words
}

export function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

export function drop(key) {
  try {
    localStorage.removeItem(key);
  } catch {} // nothing can have been kept there
}

/** Every record kept for one article. */
export function all(slug) {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(`${PREFIX}${slug}:`));
    return keys.map(read).filter((record) => record?.end > record?.start);
  } catch {
    return [];
  }
}
