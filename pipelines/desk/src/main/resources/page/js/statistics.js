// The figures above the list, and the overview behind them.

import { counted, el, fill, number, percent, place, span, svg, words } from "./dom.js";

/** A line of values, the newest at the right. */
export function sparkline(values, name) {
  const width = 120;
  const height = 26;
  const most = Math.max(1, ...values);
  const step = width / Math.max(1, values.length - 1);
  const points = values.map((value, index) => [index * step, height - 2 - (value / most) * (height - 5)]);
  const line = points.map(([x, y]) => x.toFixed(1) + " " + y.toFixed(1)).join(" L ");
  const picture = svg(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, class: "spark", preserveAspectRatio: "none", role: "img", "aria-label": name },
    svg("path", { class: "area", d: `M 0 ${height} L ${line} L ${width} ${height} Z` }),
    svg("path", { class: "line", d: "M " + line }),
  );
  return picture;
}

/** The row of figures; a click shows the documents behind one. */
export function figures(element, statistics, actions) {
  const { status, minutes, hour, agreement } = statistics;
  const waiting = status.waiting ?? 0;
  fill(element, [
    figure("Open", number(status.open ?? 0), "to review", minutes.map((one) => one.answered), "open", () => actions.only("status", "open")),
    figure("Unsure", number(statistics.unsure), "of the open ones", null, "unsure", () => actions.only("unsure", "true")),
    figure("Waiting", number(waiting), "for the model", minutes.map((one) => one.received), "waiting", () => actions.only("status", "waiting")),
    figure("Failed", number(status.failed ?? 0), top(statistics.failed), minutes.map((one) => one.failed), "failed", () => actions.only("status", "failed")),
    figure("Reviewed", number(status.reviewed ?? 0), number(hour.reviewed) + " in the last hour", minutes.map((one) => one.reviewed), "reviewed", () => actions.only("status", "reviewed")),
    figure("Rate", rate(minutes), "a minute, over 5", minutes.map((one) => one.answered), "rate", actions.overview),
    figure("Latency", hour.latency ? span(hour.latency.p50) : "–", hour.latency ? "p99 " + span(hour.latency.p99) : "last hour", null, "latency", actions.overview),
    figure("Agreement", agreement.rate === null ? "–" : percent(agreement.rate), agreement.rate === null ? "nothing reviewed" : counted(agreement.agreed + agreement.corrected, "field") + " reviewed", null, "agreement", actions.overview),
  ]);
}

function figure(name, value, note, values, kind, onclick) {
  return el(
    "button",
    { type: "button", class: "figure " + kind + (value === "0" || value === "–" ? " zero" : ""), onclick, data: { figure: kind } },
    el("span", { class: "name" }, name),
    el("strong", {}, value),
    el("span", { class: "note" }, note),
    values && values.some((one) => one > 0) ? sparkline(values, name + ", the last hour") : null,
  );
}

function top(failed) {
  const [first] = Object.entries(failed).sort((left, right) => right[1] - left[1]);
  return first ? "most: " + words(first[0]) : "no dead letters";
}

function rate(minutes) {
  const last = minutes.slice(-6, -1);
  const sum = last.reduce((total, one) => total + one.answered, 0);
  return (sum / 5).toFixed(sum < 50 ? 1 : 0);
}

/** The overview. */
export function overview(dialog, statistics, columns, only) {
  const close = el("button", { type: "button", class: "quiet icon", "aria-label": "Close", onclick: () => dialog.close() }, "×");
  fill(
    dialog,
    el("header", {}, el("h2", {}, "Overview"), close),
    el(
      "div",
      { class: "panels" },
      panel("The last hour, minute by minute", bars(statistics.minutes), "wide"),
      panel("Latency, received to result", latency(statistics)),
      panel("Agreement with people", agreement(statistics.agreement)),
      columns
        .filter((column) => column.kind === "LABEL" && statistics.open[column.name])
        .slice(0, 4)
        .map((column) =>
          panel(
            "Open by " + words(column.name),
            ranking(statistics.open[column.name], (value) => {
              dialog.close();
              only("field." + column.name, value);
            }),
          ),
        ),
      panel("Dead letters by reason", ranking(statistics.failed, (value) => {
        dialog.close();
        only("reason", value);
      })),
      panel("Taken for something else", confusions(statistics.agreement.confusions)),
      panel("What made the results", versions(statistics.versions), "wide"),
    ),
  );
}

function panel(heading, content, kind = "") {
  return el("section", { class: "panel " + kind }, el("h3", {}, heading), content);
}

function bars(minutes) {
  const width = 600;
  const height = 90;
  const most = Math.max(1, ...minutes.map((one) => Math.max(one.received, one.answered + one.failed)));
  const step = width / minutes.length;
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "bars", preserveAspectRatio: "none", role: "img", "aria-label": "Received, answered and failed, by minute" });
  minutes.forEach((one, index) => {
    const bar = (kind, from, count) => {
      const size = (count / most) * (height - 4);
      const base = height - (from / most) * (height - 4);
      if (count > 0) picture.append(svg("rect", { class: kind, x: index * step + 1, y: base - size, width: step - 2, height: size }));
    };
    bar("received", 0, one.received);
    bar("answered", 0, one.answered);
    bar("failed", one.answered, one.failed);
  });
  return el(
    "div",
    {},
    picture,
    el("p", { class: "legend" }, el("i", { class: "received" }), "received", el("i", { class: "answered" }), "answered", el("i", { class: "failed" }), "failed", el("span", {}, "busiest minute: " + number(most))),
  );
}

function latency(statistics) {
  const row = (name, window) =>
    el("tr", {}, el("th", {}, name), window.latency
      ? ["p50", "p90", "p99", "max"].map((key) => el("td", {}, span(window.latency[key])))
      : el("td", { colspan: "4" }, "nothing answered"));
  return el(
    "table",
    { class: "numbers" },
    el("thead", {}, el("tr", {}, ["", "half", "90%", "99%", "most"].map((name) => el("th", {}, name)))),
    el("tbody", {}, row("last hour", statistics.hour), row("24 hours", statistics.day)),
  );
}

function agreement(given) {
  if (given.rate === null) return el("p", { class: "none" }, "Nobody has reviewed anything yet.");
  return el(
    "table",
    { class: "numbers" },
    el("thead", {}, el("tr", {}, ["", "right", "corrected", ""].map((name) => el("th", {}, name)))),
    el("tbody", {}, Object.entries(given.fields).map(([field, one]) => {
      const bar = el("i", {});
      bar.style.width = percent(one.rate);
      return el("tr", {}, el("th", {}, place(field)), el("td", {}, number(one.agreed)), el("td", {}, number(one.corrected)), el("td", { class: "meter" }, bar, el("span", {}, percent(one.rate))));
    })),
  );
}

function confusions(all) {
  const named = all.filter((one) => one.answered !== "").slice(0, 8);
  if (named.length === 0) return el("p", { class: "none" }, "Nothing was corrected yet.");
  return el("ul", { class: "plain" }, named.map((one) =>
    el("li", {}, el("b", {}, number(one.count) + "×"), " " + words(one.field) + ": ", el("s", {}, words(one.answered)), " → ", words(one.right))));
}

function versions(all) {
  if (all.length === 0) return el("p", { class: "none" }, "No results yet.");
  return el(
    "table",
    { class: "numbers" },
    el("thead", {}, el("tr", {}, ["model", "build", "analysis version", "documents"].map((name) => el("th", {}, name)))),
    el("tbody", {}, all.map((one) => el("tr", {}, el("td", {}, one.model), el("td", {}, one.build), el("td", {}, el("code", {}, one.analysisVersion)), el("td", {}, number(one.documents))))),
  );
}

function ranking(counts, onclick) {
  const sorted = Object.entries(counts).sort((left, right) => right[1] - left[1]).slice(0, 10);
  if (sorted.length === 0) return el("p", { class: "none" }, "None.");
  const most = sorted[0][1];
  return el("ul", { class: "ranking" }, sorted.map(([value, count]) => {
    const bar = el("i", {});
    bar.style.width = (100 * count) / most + "%";
    return el("li", {}, el("button", { type: "button", onclick: () => onclick(value) }, bar, el("span", {}, words(value)), el("b", {}, number(count))));
  }));
}
