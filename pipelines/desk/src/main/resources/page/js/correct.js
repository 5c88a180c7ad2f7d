// Corrects a field: one click shows the choices with the model's probabilities, a second one takes one.

import { el, fill, percent, title, words } from "./dom.js";

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

  /** Shows what a field can be. */
  open(column, anchor, detail, onTake) {
    this.onTake = onTake;
    this.anchor = anchor;
    const current = this.current(column, detail);
    if (column.labels.length > 0) this.showLabels(column, detail, current);
    else this.showText(column, current);
    this.element.hidden = false;
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

  current(column, detail) {
    const word = detail.reviews.find((one) => one.field === column.name);
    if (word) return word.value;
    const answered = detail.answer[column.name];
    if (answered === null || answered === undefined) return null;
    return typeof answered === "object" ? JSON.stringify(answered) : String(answered);
  }

  showLabels(column, detail, current) {
    const distribution = detail.confidences.find((one) => one.field === column.name)?.distribution ?? {};
    const labels = column.nullable ? [...column.labels, { name: null, doc: "" }] : column.labels;
    const sorted = [...labels].sort((left, right) => (distribution[right.name ?? "null"] ?? 0) - (distribution[left.name ?? "null"] ?? 0));
    this.at = Math.max(0, sorted.findIndex((one) => one.name === current));
    fill(
      this.element,
      el("p", { class: "choices-head" }, title(column.name)),
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

  showText(column, current) {
    const input = el("textarea", { rows: column.kind === "NUMBER" ? 1 : 4, dir: "auto", spellcheck: false, "aria-label": title(column.name) });
    input.value = current ?? "";
    const take = () => this.take(input.value === "" && column.nullable ? null : input.value);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey || column.kind === "NUMBER")) {
        event.preventDefault();
        take();
      }
    });
    fill(
      this.element,
      el("p", { class: "choices-head" }, title(column.name) + (column.kind === "OTHER" ? " (JSON)" : "")),
      input,
      el("div", { class: "choices-foot" },
        column.nullable ? el("button", { type: "button", class: "quiet", onclick: () => this.take(null) }, "none") : null,
        el("button", { type: "button", class: "act", onclick: take }, "Save", el("kbd", {}, "Ctrl ↵"))),
    );
  }

  take(value) {
    const take = this.onTake;
    this.close();
    take(value);
  }

  focus() {
    const options = this.element.querySelectorAll(".choice");
    (options[this.at] ?? this.element.querySelector("textarea")).focus();
  }

  place(anchor) {
    const box = anchor.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const below = box.bottom + 6 + height <= innerHeight;
    const top = below ? box.bottom + 6 : Math.max(8, Math.min(innerHeight - height - 8, box.top - height - 6));
    const left = Math.max(8, Math.min(innerWidth - width - 8, box.left));
    this.element.style.top = top + "px";
    this.element.style.left = left + "px";
  }
}
