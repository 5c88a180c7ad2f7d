// One document: its text with the quoted words, the answer with its probabilities, and where it came from.

import { columnAt, isClosed, textOf } from "./correct.js";
import { el, fill, foreign, hue, kindOf, moment, number, percent, place, plain, root, title, words } from "./dom.js";

const SHOWN_CHARACTERS = 60_000;

export class DocumentView {
  constructor(element, options) {
    this.element = element;
    this.columns = options.columns;
    this.onClose = options.onClose;
    this.onEdit = options.onEdit;
    this.onAdd = options.onAdd;
    this.onRemove = options.onRemove;
    this.onConfirm = options.onConfirm;
    this.id = null;
    this.detail = null;
    this.text = null;
  }

  show(detail, text) {
    const other = this.id !== detail.row.id;
    const open = other ? [] : [...this.element.querySelectorAll("details[open]")].map((one) => one.dataset.name);
    const scrolled = other ? 0 : this.element.scrollTop;
    this.id = detail.row.id;
    this.detail = detail;
    this.text = text;
    fill(
      this.element,
      this.head(detail),
      this.letter(detail),
      this.answer(detail),
      this.body(text),
      this.attributes(detail),
      this.history(detail),
      this.reasoning(detail),
      this.provenance(detail),
    );
    for (const name of open) this.element.querySelector(`details[data-name="${name}"]`)?.setAttribute("open", "");
    this.element.hidden = false;
    this.element.scrollTop = scrolled;
  }

  /** Shows a text that came later than the rest. */
  showText(id, text) {
    if (id !== this.id) return;
    this.text = text;
    this.element.querySelector(".body").replaceWith(this.body(text));
  }

  hide() {
    this.id = null;
    this.detail = null;
    this.element.hidden = true;
    fill(this.element);
  }

  /** The model's own, unless somebody has put other parts in the place of its own. */
  confidence(path) {
    const whole = root(path);
    const replaced = whole !== path && this.detail.reviews.some((one) => one.field === whole && one.value !== one.old);
    return replaced ? undefined : this.detail.confidences.find((one) => one.field === path);
  }

  /** What is worth a look first: the closed field, or part of one, that the model was least sure of. */
  leastSure() {
    const sure = [...(this.detail?.confidences ?? [])].sort((left, right) => left.probability - right.probability);
    for (const name of [...sure.map((one) => one.field), this.columns()[0]?.name]) {
      const found = name && this.element.querySelector(`.value[data-field="${CSS.escape(name)}"]`);
      if (found) return found;
    }
    return null;
  }

  head(detail) {
    const row = detail.row;
    const when = row.receivedAt ? "received " + moment(row.receivedAt) : "result of " + moment(row.at);
    const actions = [];
    if (detail.answer && this.columns().some(isClosed)) {
      actions.push(el("button", { type: "button", class: "act", title: "The answer is right (c)", onclick: this.onConfirm }, row.status === "reviewed" ? "Confirm the rest" : "Confirm", el("kbd", {}, "c")));
    }
    actions.push(el("button", { type: "button", class: "quiet icon", "aria-label": "Close", title: "Close (Esc)", onclick: this.onClose }, "×"));
    return el(
      "header",
      { class: "doc-head" },
      el("div", {},
        el("p", { class: "meta" }, el("code", {}, plain(row.id)), " · ", row.kind ?? "document", " · ", when, detail.language ? " · " + detail.language : ""),
        foreign("h2", {}, row.title ?? row.opening ?? row.id)),
      el("div", { class: "actions" }, actions),
    );
  }

  letter(detail) {
    if (!detail.letter) return null;
    const { letter } = detail;
    const now = detail.row.status === "failed";
    return el(
      "section",
      { class: "letter" + (now ? "" : " past") },
      el("strong", {}, now ? "No result: " + words(letter.reason) : "Failed before: " + words(letter.reason)),
      foreign("p", {}, letter.message),
      el("p", { class: "meta" }, `gave up in ${letter.stage}, ${moment(letter.failedAt)}, tried ${letter.attempts}×, from ${letter.source.topic}/${letter.source.partition}@${letter.source.offset}`),
    );
  }

  answer(detail) {
    if (!detail.answer) return null;
    return el("section", { class: "answer" }, this.columns().map((column) => this.field(detail, column)));
  }

  field(detail, column) {
    const value = detail.current?.[column.name] ?? null;
    const confidence = detail.row.confidences[column.name];
    const many = column.kind === "LIST" || column.kind === "RECORD";
    return el(
      "div",
      { class: "field kind-" + column.kind.toLowerCase() + (column.quote ? " quote" : "") },
      el("span", { class: "field-name", title: column.doc || undefined }, this.swatch(column, column.name), title(column.name)),
      el("div", { class: "field-value" }, many ? this.parts(detail, column, column.name, value) : this.leaf(detail, column, column.name, value)),
      confidence === undefined ? el("span", {}) : meter(confidence),
    );
  }

  /** A value that is corrected as one: a click shows the choices. */
  leaf(detail, column, path, value) {
    const word = detail.reviews.find((one) => one.field === path);
    const corrected = word !== undefined && word.value !== word.old;
    const known = this.confidence(path);
    const confidence = path === column.name ? undefined : known?.probability;
    return [
      el(
        "button",
        {
          type: "button",
          class: "value" + (corrected ? " corrected" : "") + (value === null ? " none" : ""),
          title: "Correct this (e)",
          data: { field: path },
          onclick: (event) => this.onEdit(column, path, value, event.currentTarget),
        },
        shown(column, value),
        confidence === undefined || corrected ? null : el("small", { class: confidence < 0.6 ? "low" : "", title: "The model's own probability" }, percent(confidence)),
      ),
      corrected ? el("span", { class: "was" }, "was ", el("s", {}, plain(said(column, word.old)))) : null,
      word && !corrected ? el("span", { class: "agreed", title: "Confirmed by " + word.by }, "✓") : null,
      known?.abstained ? el("span", { class: "was" }, "not sure enough to say") : null,
    ];
  }

  /** A record or a list: its parts are corrected one by one. */
  parts(detail, column, path, value) {
    if (value === null) return this.leaf(detail, column, path, value);
    const word = detail.reviews.find((one) => one.field === path);
    const changed = word !== undefined && word.value !== word.old ? el("span", { class: "was", title: "Corrected by " + word.by }, "corrected") : null;
    if (column.kind === "RECORD") return [this.record(detail, column, path, value), changed];
    const { items } = column;
    const inline = items.kind !== "RECORD" && items.kind !== "LIST";
    return el(
      "div",
      { class: inline ? "items inline" : "items" },
      value.map((item, index) => {
        const at = path + "[" + index + "]";
        const remove = el("button", { type: "button", class: "remove", title: "Take this out", "aria-label": "Take this out", onclick: () => this.onRemove(column, path, value, index) }, "×");
        const inside = item === null || inline ? this.leaf(detail, items, at, item) : this.parts(detail, items, at, item);
        return el("div", { class: inline ? "item" : "item card" }, inside, remove);
      }),
      value.length === 0 ? el("span", { class: "none" }, "none") : null,
      el("button", { type: "button", class: "add", title: "Add one", "aria-label": "Add one", onclick: (event) => this.onAdd(column, path, value, event.currentTarget) }, "+"),
      changed,
    );
  }

  record(detail, column, path, value) {
    return el("dl", { class: "record" }, column.fields.map((field) => {
      const at = path + "." + field.name;
      const inner = value[field.name] ?? null;
      const many = field.kind === "LIST" || field.kind === "RECORD";
      return [
        el("dt", { title: field.doc || undefined }, this.swatch(field, kindOf(at)), title(field.name)),
        el("dd", { class: field.quote ? "quote" : "" }, many ? this.parts(detail, field, at, inner) : this.leaf(detail, field, at, inner)),
      ];
    }));
  }

  swatch(column, path) {
    const quote = column.quote && !(column.items && column.items.kind === "RECORD");
    if (!quote) return null;
    const swatch = el("i", { class: "swatch" });
    swatch.style.background = `hsl(${hue(path)} 80% 60%)`;
    return swatch;
  }

  body(text) {
    const section = el("section", { class: "body" }, el("h3", {}, "Text"));
    if (!text) {
      section.append(el("p", { class: "none" }, "Reading it from its topic …"));
    } else if (text.missing) {
      section.append(el("p", { class: "none" }, "The text can't be shown: " + text.missing + "."));
    } else {
      if (text.title) section.append(el("p", { class: "text text-title", dir: "auto" }, marked(text.title, text.titleQuotes)));
      const cut = text.body.length > SHOWN_CHARACTERS;
      const shown = el("p", { class: "text", dir: "auto" }, marked(cut ? text.body.slice(0, SHOWN_CHARACTERS) : text.body, text.bodyQuotes));
      section.append(shown);
      if (cut) {
        section.append(el("button", {
          type: "button",
          class: "quiet",
          onclick: (event) => {
            event.currentTarget.remove();
            fill(shown, marked(text.body, text.bodyQuotes));
          },
        }, "Show all " + number(text.body.length) + " characters"));
      }
    }
    return section;
  }

  attributes(detail) {
    const all = Object.entries(detail.attributes);
    if (all.length === 0) return null;
    return el("section", { class: "attributes" }, all.map(([name, value]) => el("span", {}, foreign("b", {}, name), " ", foreign("bdi", {}, value))));
  }

  history(detail) {
    if (detail.reviews.length === 0) return null;
    return el(
      "section",
      { class: "history" },
      el("h3", {}, "What people said"),
      el("ul", { class: "plain" }, detail.reviews.map((one) => this.word(one))),
    );
  }

  word(one) {
    const column = columnAt(this.columns(), one.field);
    return el(
      "li",
      {},
      foreign("b", {}, one.by),
      one.value === one.old ? " confirmed " : " corrected ",
      place(one.field),
      one.value === one.old ? "" : [": ", el("s", {}, plain(said(column, one.old))), " → ", foreign("bdi", {}, said(column, one.value))],
      el("span", { class: "meta" }, " " + moment(one.at)),
    );
  }

  reasoning(detail) {
    if (!detail.reasoning) return null;
    return el("details", { data: { name: "reasoning" } }, el("summary", {}, "Reasoning"), el("p", { class: "text thought", dir: "auto" }, plain(detail.reasoning)));
  }

  provenance(detail) {
    const given = detail.provenance;
    if (!given) return null;
    const rows = [
      ["Model", given.model],
      ["Model SHA-256", given.modelSha256],
      ["Engine", [given.engine, given.build].filter(Boolean).join(" ")],
      ["Analysis", given.analysis + " · " + given.analysisVersion],
      ["Reasoning policy", given.reasoning],
      ["Tokens", `${given.usage.prefix} shared${given.usage.prefixReused ? " (reused)" : ""}, ${given.usage.document} document, ${given.usage.reasoning} reasoning, ${given.usage.answer} answer (${given.usage.forced} forced)`],
      ["Time", `queued ${given.timings.queuedMillis} ms, first token ${given.timings.timeToFirstTokenMillis} ms, complete ${given.timings.totalMillis} ms`],
      ["Source", `${given.sourceTopic}/${given.sourcePartition}@${given.sourceOffset}`],
      ["Read in parts", given.chunks > 1 ? String(given.chunks) : null],
      ["Only its beginning was read", given.truncated ? "yes" : null],
      ["Masked", Object.keys(given.masked).length > 0 ? Object.entries(given.masked).map(([kind, count]) => count + " " + kind).join(", ") : null],
      ["Answer reused", given.reused ? "of an identical document" : null],
      ["Attempts", given.attempts > 1 ? String(given.attempts) : null],
      ["Ended as", given.finishReason],
    ];
    return el(
      "details",
      { data: { name: "provenance" } },
      el("summary", {}, "Provenance"),
      el("dl", {}, rows.filter(([, value]) => value).map(([name, value]) => [el("dt", {}, name), el("dd", {}, plain(String(value)))])),
    );
  }
}

/** A confidence as a bar and a number. */
export function meter(share) {
  const bar = el("i", { class: share < 0.5 ? "low" : share < 0.75 ? "middle" : "" });
  bar.style.width = percent(share);
  return el("span", { class: "meter", title: "The model's own probability" }, bar, el("span", {}, percent(share)));
}

/** A text with the quoted places in it marked; places that overlap are marked once. */
function marked(text, places) {
  const nodes = [];
  let from = 0;
  for (const at of places) {
    if (at.start < from || at.end > text.length) continue;
    nodes.push(...plain(text.slice(from, at.start)));
    const mark = el("mark", { title: place(at.field), data: { field: at.field } }, plain(text.slice(at.start, at.end)));
    mark.style.setProperty("--hue", hue(at.field));
    nodes.push(mark);
    from = at.end;
  }
  nodes.push(...plain(text.slice(from)));
  return nodes;
}

/** What feedback holds of a value; only labels are names that are written out. */
function said(column, text) {
  if (text === null) return "none";
  return column?.kind === "LABEL" ? words(text) : text;
}

/** A value as people read it. */
function shown(column, value) {
  if (value === null || value === undefined) return el("span", {}, "none");
  if (column.kind === "LABEL") {
    const dot = el("i", { class: "dot" });
    dot.style.background = `hsl(${hue(value)} 55% 52%)`;
    return [dot, words(value)];
  }
  if (column.kind === "FLAG") return String(value) === "true" ? "yes" : "no";
  return foreign("bdi", {}, textOf(column, value));
}
