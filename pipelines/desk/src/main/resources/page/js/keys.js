// The keyboard.

import { el, fill } from "./dom.js";

const KEYS = [
  ["j  k", "next, previous document"],
  ["Enter", "open it"],
  ["e", "correct the least sure field; digits or arrows choose"],
  ["c", "confirm: all closed fields are right"],
  ["Esc", "close what is open"],
  ["/", "search"],
  ["u", "unsure results only"],
  ["o", "overview"],
  ["t", "light, dark, or as the system"],
  ["?", "these keys"],
];

/** Calls the action of a key, unless somebody is typing. */
export function keys(actions) {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.key === "Escape") {
      if (actions.escape()) event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("input, textarea, select, dialog[open]")) return;
    if (actions.choices(event)) {
      event.preventDefault();
      return;
    }
    const action = {
      j: actions.next,
      ArrowDown: actions.next,
      k: actions.previous,
      ArrowUp: actions.previous,
      Enter: actions.open,
      e: actions.edit,
      c: actions.confirm,
      "/": actions.search,
      u: actions.unsure,
      o: actions.overview,
      t: actions.theme,
      "?": actions.help,
    }[event.key];
    if (!action) return;
    // A focused button has its own Enter.
    if (event.key === "Enter" && event.target.closest?.("button, a, summary")) return;
    event.preventDefault();
    action();
  });
}

/** What the keys do. */
export function help(dialog) {
  fill(
    dialog,
    el("header", {}, el("h2", {}, "Keys"), el("button", { type: "button", class: "quiet icon", "aria-label": "Close", onclick: () => dialog.close() }, "×")),
    el("dl", { class: "keys" }, KEYS.map(([key, what]) => [el("dt", {}, key.split("  ").map((one) => el("kbd", {}, one))), el("dd", {}, what)])),
  );
  dialog.showModal();
}
