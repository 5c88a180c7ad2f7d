// Corrects a field: one click shows the choices with the model's probabilities, a second one takes one.

import { el, fill, percent, words } from "./dom.js";

export class Choices {
  constructor(element) {
    this.element = element;
    this.onTake = null;
    this.at = 0;
    this.anchor = null;
    document.addEventListener("pointerdown", (event) => {
      if (this.isOpen && !element.contains(event.target) && !this.anchor?.contains(event.target)) this.close();
    });
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /**
   * Shows what a field, or a part of one, can be.
   *
   * question: the column, a heading, what it is now as text, and the model's distribution over labels
   */
  open(question, anchor, onTake) {
    this.onTake = onTake;
    this.anchor = anchor;
    if (question.column.labels.length > 0) this.showLabels(question);
    else this.showText(question);
    this.element.hidden = false;
    this.element.style.maxHeight = "";
    this.place(anchor);
    this.focus();
  }

  close() {
    this.element.hidden = true;
    fill(this.element);
    this.anchor?.focus();
  }

  /** Moves among the choices; whether a key was for them. */
  key(event) {
    const options = [...this.element.querySelectorAll(".choice")];
    if (options.length === 0) return false;
    if (event.key === "ArrowDown" || event.key === "j") this.at = Math.min(options.length - 1, this.at + 1);
    else if (event.key === "ArrowUp" || event.key === "k") this.at = Math.max(0, this.at - 1);
    else if (/^[1-9]$/.test(event.key) && options[Number(event.key) - 1]) {
      options[Number(event.key) - 1].click();
      return true;
    } else return false;
    options[this.at].focus();
    return true;
  }

  showLabels({ column, heading, current, distribution }) {
    const labels = column.nullable ? [...column.labels, { name: null, doc: "" }] : column.labels;
    const sorted = [...labels].sort((left, right) => (distribution[right.name ?? "null"] ?? 0) - (distribution[left.name ?? "null"] ?? 0));
    this.at = Math.max(0, sorted.findIndex((one) => one.name === current));
    fill(
      this.element,
      el("p", { class: "choices-head" }, heading),
      sorted.map((one, index) => {
        const share = distribution[one.name ?? "null"];
        const bar = el("i", {});
        bar.style.width = percent(share ?? 0);
        return el(
          "button",
          {
            type: "button",
            class: "choice" + (one.name === current ? " current" : ""),
            role: "option",
            "aria-selected": String(one.name === current),
            title: one.doc || undefined,
            data: { value: one.name ?? "" },
            onclick: () => this.take(one.name),
          },
          bar,
          index < 9 ? el("kbd", {}, String(index + 1)) : el("span", {}),
          el("span", {}, one.name === null ? "none" : column.kind === "FLAG" ? (one.name === "true" ? "yes" : "no") : words(one.name)),
          el("b", {}, share === undefined ? "" : percent(share)),
        );
      }),
    );
  }

  showText({ column, heading, current }) {
    const json = column.kind === "LIST" || column.kind === "RECORD" || column.kind === "OTHER";
    const short = column.kind === "NUMBER" || column.kind === "DATE" || column.kind === "MOMENT";
    const properties = { spellcheck: false, "aria-label": heading };
    const input = short
      ? el("input", { type: column.kind === "DATE" ? "date" : "text", inputmode: column.kind === "NUMBER" ? "decimal" : undefined, ...properties })
      : el("textarea", { rows: json ? 8 : 4, dir: "auto", class: json ? "json" : "", ...properties });
    input.value = json && current ? JSON.stringify(JSON.parse(current), null, 1) : current ?? "";
    const take = () => {
      if (json && input.value !== "" && !isJson(input.value)) {
        input.setAttribute("aria-invalid", "true");
        return;
      }
      this.take(input.value === "" && column.nullable ? null : json ? JSON.stringify(JSON.parse(input.value)) : input.value);
    };
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey || short)) {
        event.preventDefault();
        take();
      }
    });
    fill(
      this.element,
      el("p", { class: "choices-head" }, heading + (json ? " (JSON)" : "")),
      input,
      el("div", { class: "choices-foot" },
        column.nullable ? el("button", { type: "button", class: "quiet", onclick: () => this.take(null) }, "none") : null,
        el("button", { type: "button", class: "act", onclick: take }, "Save", el("kbd", {}, short ? "↵" : "Ctrl ↵"))),
    );
  }

  take(value) {
    const take = this.onTake;
    this.close();
    take(value);
  }

  focus() {
    const options = this.element.querySelectorAll(".choice");
    (options[this.at] ?? this.element.querySelector("textarea, input")).focus();
  }

  place(anchor) {
    const box = anchor.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.element;
    // Not over what it is about: the side that has more room, and no higher than that.
    const roomBelow = innerHeight - box.bottom - 14;
    const roomAbove = box.top - 14;
    const below = height <= roomBelow || roomBelow >= roomAbove;
    const most = Math.max(160, below ? roomBelow : roomAbove);
    this.element.style.maxHeight = most + "px";
    const top = below ? Math.min(box.bottom + 6, innerHeight - Math.min(height, most) - 8) : Math.max(8, box.top - Math.min(height, most) - 6);
    const left = Math.max(8, Math.min(innerWidth - width - 8, box.left));
    this.element.style.top = top + "px";
    this.element.style.left = left + "px";
  }
}

function isJson(text) {
  try {
    return typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
}

/** Whether a field's values are few and known; those are what a confirmation is about. */
export function isClosed(column) {
  return column.kind === "LABEL" || column.kind === "FLAG";
}

/** The text that feedback holds of a value; amounts of money keep their digits. */
export function textOf(column, value) {
  if (value === null || value === undefined) return null;
  if (column.scale !== undefined && typeof value === "number") return value.toFixed(column.scale);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** The column at a path; undefined where the schema has none there, or no longer. */
export function columnAt(columns, path) {
  const [field, ...steps] = path.match(/\w+|\[\d+\]/g) ?? [];
  const whole = columns.find((one) => one.name === field);
  return steps.reduce((column, step) => (step.startsWith("[") ? column?.items : column?.fields.find((one) => one.name === step)), whole);
}

/** The value that a text stands for. */
export function valueOf(column, text) {
  if (text === null) return null;
  if (column.kind === "FLAG") return text === "true";
  if (column.kind === "NUMBER") return Number(text);
  return column.kind === "LIST" || column.kind === "RECORD" || column.kind === "OTHER" ? JSON.parse(text) : text;
}

/** A value to begin with, where there is none yet. */
export function blank(column) {
  if (column.nullable) return null;
  switch (column.kind) {
    case "LABEL":
      return column.labels[0].name;
    case "FLAG":
      return false;
    case "NUMBER":
      return 0;
    case "DATE":
      return new Date().toISOString().slice(0, 10);
    case "MOMENT":
      return new Date().toISOString();
    case "LIST":
      return [];
    case "RECORD":
      return Object.fromEntries(column.fields.map((field) => [field.name, blank(field)]));
    default:
      return "";
  }
}
