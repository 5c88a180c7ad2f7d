// Makes elements. Text only ever becomes text: nothing here reads markup.

/** An element with properties and children; strings become text nodes. */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") element.className = value;
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && typeof value !== "string") element[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** An element of a drawing. */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Replaces all children. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

// Characters that turn the direction of text, or are no text at all: shown as marks, without effect.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
const CONTROLS = new RegExp(CONTROL.source, "g");

/** Nodes for a text of anybody's making. */
export function plain(text) {
  if (!CONTROL.test(text)) return [document.createTextNode(text)];
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(CONTROLS)) {
    if (match.index > from) nodes.push(document.createTextNode(text.slice(from, match.index)));
    const code = match[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    nodes.push(el("span", { class: "control", title: "Control character U+" + code }, "␣"));
    from = match.index + 1;
  }
  if (from < text.length) nodes.push(document.createTextNode(text.slice(from)));
  return nodes;
}

/** An element that holds a text of anybody's making, in a direction of its own. */
export function foreign(tag, properties, text) {
  return el(tag, { dir: "auto", ...properties }, plain(text ?? ""));
}

/** needsHuman and first_line as people write them. */
export function words(name) {
  const spaced = name.replace(/[_-]+/g, " ").replace(/([a-z0-9])([A-Z])/g, "$1 $2");
  // EUR stays what it is, TOO_LONG is shouted at nobody.
  return spaced === name.toUpperCase() && name.length > 3 ? spaced.toLowerCase() : spaced.replace(/ [A-Z](?=[a-z])/g, (it) => it.toLowerCase());
}

/** The same with a capital. */
export function title(name) {
  const text = words(name);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A path without the numbers of items: the same for all of them. */
export function kindOf(path) {
  return path.replace(/\[\d+\]/g, "[]");
}

/** The field that a path begins with. */
export function root(path) {
  return path.match(/^\w+/)?.[0] ?? path;
}

/** A path as people say it: lines[0].kind is Lines 1 › kind. */
export function place(path) {
  const steps = path.replace(/\[(\d+)\]/g, (_, index) => " " + (Number(index) + 1)).replaceAll("[]", "").split(".");
  return steps.map((step, index) => (index === 0 ? title(step) : words(step))).join(" › ");
}

/** A hue that is always the same for a text. */
export function hue(text) {
  let hash = 7;
  for (const character of text) hash = (hash * 31 + character.codePointAt(0)) >>> 0;
  return (hash * 47) % 360;
}

/** How long ago, in one word. */
export function ago(iso, now = Date.now()) {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  if (seconds < 10) return "now";
  if (seconds < 60) return Math.floor(seconds) + " s";
  if (seconds < 3600) return Math.floor(seconds / 60) + " min";
  if (seconds < 86400) return Math.floor(seconds / 3600) + " h";
  return Math.floor(seconds / 86400) + " d";
}

/** A time of day, with the day where it is another one. */
export function moment(iso) {
  const date = new Date(iso);
  const today = new Date().toDateString() === date.toDateString();
  return today ? date.toLocaleTimeString() : date.toLocaleString();
}

/** A span of time, short. */
export function span(millis) {
  if (millis < 1000) return Math.round(millis) + " ms";
  if (millis < 60_000) return (millis / 1000).toFixed(millis < 10_000 ? 1 : 0) + " s";
  if (millis < 3_600_000) return (millis / 60_000).toFixed(millis < 600_000 ? 1 : 0) + " min";
  if (millis < 172_800_000) return (millis / 3_600_000).toFixed(1) + " h";
  return Math.round(millis / 86_400_000) + " d";
}

export const number = new Intl.NumberFormat().format;

/** A number and what is counted, in its form. */
export function counted(count, one) {
  return number(count) + " " + one + (count === 1 ? "" : "s");
}

export function percent(share) {
  return Math.round(share * 100) + "%";
}
