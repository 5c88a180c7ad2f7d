// The list of documents. Rows are kept where they are while others come and go around them.

import { ago, counted, el, fill, foreign, hue, percent, words } from "./dom.js";

const LABELS_SHOWN = 6;

export class Queue {
  constructor(list, options) {
    this.list = list;
    this.columns = options.columns;
    this.onOpen = options.onOpen;
    this.rows = [];
    this.elements = new Map();
    this.selected = null;
    list.addEventListener("click", (event) => {
      const row = event.target.closest(".row");
      if (row) this.open(row.dataset.id);
    });
  }

  /** Shows these rows; those that were not there before light up, unless all are new. */
  show(rows, animate) {
    const fresh = new Set();
    const kept = new Map();
    for (const row of rows) {
      const print = JSON.stringify(row);
      const before = this.elements.get(row.id);
      if (before && before.print === print) {
        kept.set(row.id, before);
        continue;
      }
      const element = this.element(row);
      if (before) before.element.replaceWith(element);
      else fresh.add(row.id);
      kept.set(row.id, { element, print });
    }
    for (const [id, before] of this.elements) if (!kept.has(id)) before.element.remove();
    this.list.querySelector(".empty")?.remove();
    let next = this.list.firstElementChild;
    for (const row of rows) {
      const element = kept.get(row.id).element;
      if (element === next) next = next.nextElementSibling;
      else this.list.insertBefore(element, next);
      if (animate && fresh.has(row.id)) element.classList.add("arrives");
    }
    this.rows = rows;
    this.elements = kept;
    if (rows.length === 0) {
      this.list.append(el("li", { class: "empty" }, "Nothing here."));
    }
    this.mark();
  }

  select(id, scroll = true) {
    this.selected = id;
    this.mark();
    const known = this.elements.get(id);
    if (known && scroll) known.element.scrollIntoView({ block: "nearest" });
  }

  /** Moves the selection; the first key selects the first row. */
  move(step) {
    if (this.rows.length === 0) return null;
    const at = this.rows.findIndex((row) => row.id === this.selected);
    const next = at < 0 ? 0 : Math.min(this.rows.length - 1, Math.max(0, at + step));
    this.select(this.rows[next].id);
    return this.selected;
  }

  open(id) {
    this.select(id, false);
    this.onOpen(id);
  }

  /** Brings the times up to date. */
  tick() {
    const now = Date.now();
    for (const time of this.list.querySelectorAll("time")) {
      const text = ago(time.dateTime, now);
      if (time.textContent !== text) time.textContent = text;
    }
  }

  mark() {
    for (const [id, { element }] of this.elements) {
      const selected = id === this.selected;
      element.classList.toggle("selected", selected);
      element.setAttribute("aria-selected", String(selected));
    }
  }

  element(row) {
    const heading = row.title || row.opening || row.id;
    const said = this.said(row);
    return el(
      "li",
      { class: "row " + row.status, role: "option", data: { id: row.id } },
      el("span", { class: "sure", title: row.status === "open" || row.status === "reviewed" ? "Least confidence " + percent(row.least) : "" }, this.bar(row)),
      el(
        "div",
        { class: "row-head" },
        foreign("span", { class: "row-title" }, heading),
        el("time", { datetime: row.at, title: new Date(row.at).toLocaleString() }, ago(row.at)),
      ),
      said ? foreign("p", { class: "row-text" }, said) : null,
      el("div", { class: "labels" }, this.labels(row), this.state(row)),
    );
  }

  bar(row) {
    const bar = el("i", { class: row.unsure ? "unsure" : "" });
    if (row.status === "open" || row.status === "reviewed") bar.style.height = percent(Math.max(0.06, row.least));
    return bar;
  }

  /** What a line of the list says of the document: its own words first. */
  said(row) {
    for (const column of this.columns()) {
      if (column.quote && column.kind === "TEXT" && row.values[column.name]) return "“" + row.values[column.name] + "”";
    }
    for (const column of this.columns()) {
      if (column.kind === "TEXT" && row.values[column.name]) return row.values[column.name];
    }
    return row.title ? row.opening : null;
  }

  labels(row) {
    const labels = [];
    for (const column of this.columns()) {
      if (labels.length === LABELS_SHOWN) break;
      const value = row.values[column.name];
      const corrected = row.corrected.includes(column.name);
      if (column.kind === "LABEL" && value !== undefined) {
        labels.push(label(column.name, value, row.confidences[column.name], corrected));
      } else if (column.kind === "FLAG" && value === "true") {
        labels.push(el("span", { class: "label flag" + (corrected ? " corrected" : "") }, words(column.name)));
      }
    }
    return labels;
  }

  state(row) {
    if (row.status === "failed") return el("span", { class: "badge failed" }, words(row.reason ?? "failed"));
    if (row.status === "waiting") return el("span", { class: "badge waiting" }, "waiting");
    if (row.status === "reviewed") return el("span", { class: "badge reviewed" }, row.corrected.length > 0 ? "corrected" : "confirmed");
    return row.unsure ? el("span", { class: "badge unsure" }, "unsure " + percent(row.least)) : null;
  }
}

/** A value as a label, with its colour. */
export function label(field, value, confidence, corrected) {
  const dot = el("i", {});
  dot.style.background = `hsl(${hue(value)} 55% 52%)`;
  const said = corrected ? "corrected by a person" : confidence === undefined ? "" : percent(confidence);
  return el(
    "span",
    { class: "label" + (corrected ? " corrected" : ""), title: words(field) + (said ? ": " + said : "") },
    dot,
    words(value),
  );
}

/** How many there are, in words. */
export function total(count) {
  return counted(count, "document");
}
