// The filters beside the list, each value with how many documents it would show.

import { el, fill, number, title, words } from "./dom.js";

const STATUSES = ["open", "reviewed", "waiting", "failed"];
const SHOWN = 8;
const YES_NO = { true: "yes", false: "no" };

export class Filters {
  constructor(element, chosen, onChange) {
    this.element = element;
    this.chosen = chosen;
    this.onChange = onChange;
    this.columns = [];
    this.open = new Set();
    /** What is chosen, by parameter: status, unsure, reason, field.NAME. */
    this.values = new Map([["status", new Set(["open"])]]);
  }

  /** The question as the query of an address. */
  query() {
    const query = new URLSearchParams();
    for (const [name, values] of this.values) for (const value of values) query.append(name, value);
    return query;
  }

  read(query) {
    this.values = new Map();
    for (const [name, value] of query) {
      if (name === "status" || name === "unsure" || name === "reason" || name.startsWith("field.")) this.set(name).add(value);
    }
  }

  toggle(name, value) {
    const values = this.set(name);
    if (!values.delete(value)) values.add(value);
    this.onChange();
  }

  /** Shows just this. */
  only(name, value) {
    this.values = new Map();
    if (name) this.set(name).add(value);
    if (name === "unsure") this.set("status").add("open");
    this.onChange();
  }

  set(name) {
    if (!this.values.has(name)) this.values.set(name, new Set());
    return this.values.get(name);
  }

  has(name, value) {
    return this.values.get(name)?.has(value) ?? false;
  }

  show(facets) {
    const groups = [
      this.group("Status", "status", STATUSES.map((name) => ({ name })), facets.status ?? {}, true),
      this.unsure(facets.unsure ?? {}),
    ];
    for (const column of this.columns) {
      const counts = facets["field." + column.name] ?? {};
      if (column.labels.length === 0) continue;
      const labels = column.nullable ? [...column.labels, { name: "(none)", doc: "" }] : column.labels;
      groups.push(this.group(title(column.name), "field." + column.name, labels, counts, false, column.doc, column.kind === "FLAG"));
    }
    const reasons = Object.keys(facets.reason ?? {}).sort().map((name) => ({ name }));
    if (reasons.length > 0) groups.push(this.group("Reason", "reason", reasons, facets.reason, false));
    fill(this.element, groups);
    this.showChosen();
  }

  unsure(counts) {
    return el(
      "section",
      { class: "filter" },
      el("ul", {}, this.option("unsure", { name: "true" }, counts.true ?? 0, counts.true ?? 1, "unsure only")),
    );
  }

  group(heading, name, labels, counts, always, doc, flag) {
    const most = Math.max(1, ...labels.map((one) => counts[one.name] ?? 0));
    const interesting = labels.filter((one) => always || (counts[one.name] ?? 0) > 0 || this.has(name, one.name));
    if (interesting.length === 0) return null;
    const all = this.open.has(name);
    const shown = all ? interesting : interesting.slice(0, SHOWN);
    const more = interesting.length - shown.length;
    return el(
      "section",
      { class: "filter" },
      el("h2", { title: doc || undefined }, heading),
      el("ul", {}, shown.map((one) => this.option(name, one, counts[one.name] ?? 0, most, flag ? YES_NO[one.name] : undefined))),
      more > 0
        ? el("button", { class: "more", type: "button", onclick: () => this.expand(name) }, more + " more")
        : null,
    );
  }

  expand(name) {
    this.open.add(name);
    this.onChange();
  }

  option(name, one, count, most, text) {
    const chosen = this.has(name, one.name);
    const bar = el("i", {});
    bar.style.width = (100 * count) / most + "%";
    return el(
      "li",
      {},
      el(
        "button",
        {
          type: "button",
          class: "option" + (chosen ? " chosen" : "") + (count === 0 ? " none" : ""),
          "aria-pressed": String(chosen),
          title: one.doc || undefined,
          data: { filter: name, value: one.name },
          onclick: () => this.toggle(name, one.name),
        },
        bar,
        el("span", {}, text ?? words(one.name)),
        el("b", {}, number(count)),
      ),
    );
  }

  showChosen() {
    const chips = [];
    for (const [name, values] of this.values) {
      for (const value of values) {
        const flag = name.startsWith("field.") && value in YES_NO;
        const text = name === "unsure" ? "unsure" : name === "status" ? value : flag ? words(name.slice(6)) + ": " + YES_NO[value] : words(value);
        chips.push(
          el("button", { type: "button", class: "chip", title: "Remove this filter", onclick: () => this.toggle(name, value) }, text, el("i", {}, "×")),
        );
      }
    }
    if (chips.length > 1) {
      chips.push(el("button", { type: "button", class: "chip clear", onclick: () => this.only(null) }, "clear"));
    }
    fill(this.chosen, chips);
  }
}
