// Puts the page together: what is asked for, when it is asked again, and what clicks and keys do.

import { Refused, get, listen, post, setToken } from "./api.js";
import { Choices, blank, isClosed, textOf, valueOf } from "./correct.js";
import { DocumentView } from "./document.js";
import { el, fill, place, words } from "./dom.js";
import { Filters } from "./filters.js";
import { help, keys } from "./keys.js";
import { Queue, total } from "./queue.js";
import { figures, overview } from "./statistics.js";
import { Unseen } from "./unseen.js";

const PAGE = 60;
const MOST = 480;
const WHO = "kaiseki-desk-who";
const THEME = "kaiseki-desk-theme";
const THEMES = ["system", "light", "dark"];
const at = (id) => document.getElementById(id);

let columns = [];
let statistics = null;
let wanted = PAGE;
let asked = 0;
let refreshing = false;
// A question that waits for the one on its way: null if none does, false if it is to be shown whatever is read now.
let again = null;
let shownTotal = 0;
// What is being read of the document that was opened last.
let opening = new AbortController();

const filters = new Filters(at("filters"), at("chosen"), () => changed());
const queue = new Queue(at("queue"), { columns: () => columns, onOpen: openDocument });
const choices = new Choices(at("choices"));
const unseen = new Unseen();
const view = new DocumentView(at("document"), { columns: () => columns, onClose: closeDocument, onEdit: edit, onAdd: add, onRemove: remove, onConfirm: confirmAnswer });

// ---- what is asked for

function question() {
  const query = filters.query();
  const search = at("search").value.trim();
  if (search) query.set("q", search);
  if (at("order").value !== "newest") query.set("order", at("order").value);
  return query;
}

/** The question has changed: the list begins anew, and the address says so. */
function changed() {
  wanted = PAGE;
  at("queue").scrollTop = 0;
  remember();
  refresh(false);
}

function remember() {
  const query = question();
  if (view.id) query.set("open", view.id);
  history.replaceState(null, "", "#" + query);
}

function recall() {
  const query = new URLSearchParams(location.hash.slice(1));
  if ([...query.keys()].some((name) => name !== "open")) filters.read(query);
  at("search").value = query.get("q") ?? "";
  if (query.get("order")) at("order").value = query.get("order");
  return query.get("open");
}

// ---- what is shown

/** Asks again, one question at a time; what changes meanwhile is asked for afterwards. */
async function refresh(live = true) {
  if (refreshing) {
    again = live && again !== false;
    return;
  }
  refreshing = true;
  const mine = ++asked;
  try {
    const query = question();
    query.set("limit", String(wanted));
    const [page, counts] = await Promise.all([get("/documents?" + query), get("/statistics")]);
    if (mine === asked && !(live && holds(page))) show(page, live);
    statistics = counts.statistics;
    figures(at("figures"), statistics, { only, overview: showOverview });
    if (at("overview").open) overview(at("overview"), statistics, columns, only);
    notice(page.complete && counts.complete ? "" : "Some of the desk's partitions are moving or do not answer; not everything is shown.");
    await refreshDocument();
  } catch (failure) {
    await refused(failure);
  } finally {
    refreshing = false;
    if (again !== null) {
      const waiting = again;
      again = null;
      setTimeout(() => refresh(waiting), 150);
    }
  }
}

/** Whoever reads further down is not to lose the place; a button tells what is new. */
function holds(page) {
  const scrolled = at("queue").scrollTop > 60;
  const fresh = page.total - shownTotal;
  filters.show(page.facets);
  at("total").textContent = total(page.total);
  at("fresh").hidden = !scrolled || fresh <= 0;
  at("fresh").textContent = fresh + " new ↑";
  return scrolled;
}

function show(page, live) {
  shownTotal = page.total;
  queue.show(page.documents, live);
  filters.show(page.facets);
  at("total").textContent = total(page.total);
  at("fresh").hidden = true;
  at("queue").dataset.more = String(page.next !== null && wanted < MOST);
  document.title = (page.total > 0 ? "(" + page.total + ") " : "") + at("title").textContent;
}

/** Opens one; what is still being read of the one before is no longer wanted. */
async function openDocument(id) {
  opening.abort();
  opening = new AbortController();
  const { signal } = opening;
  at("desk").classList.add("reading");
  try {
    const detail = await read(id, signal);
    if (queue.selected !== id && queue.selected !== null) return;
    view.show(detail, null);
    view.element.scrollTop = 0;
    remember();
    const text = await get("/documents/" + encodeURIComponent(id) + "/text", signal);
    view.showText(id, text);
  } catch (failure) {
    if (!signal.aborted) await refused(failure);
  }
}

async function read(id, signal) {
  const detail = await get("/documents/" + encodeURIComponent(id), signal);
  unseen.seen(id, detail.reviews);
  return detail;
}

async function refreshDocument() {
  const id = view.id;
  if (!id) return;
  const detail = await read(id);
  if (view.id === id && view.detail !== detail && !choices.isOpen) view.show(detail, view.text);
}

function closeDocument() {
  opening.abort();
  view.hide();
  at("desk").classList.remove("reading");
  remember();
}

function only(name, value) {
  at("search").value = "";
  filters.only(name, value);
}

function showOverview() {
  if (!statistics) return;
  overview(at("overview"), statistics, columns, only);
  at("overview").showModal();
}

// ---- what people say

function edit(column, path, value, anchor) {
  const detail = view.detail;
  const distribution = view.confidence(path)?.distribution ?? {};
  choices.open({ column, heading: place(path), current: textOf(column, value), distribution }, anchor, (text) => correct(detail, path, text));
}

/** One more in a list: the list becomes another one. */
function add(column, path, list, anchor) {
  const detail = view.detail;
  const question = { column: column.items, heading: place(path) + ": one more", current: textOf(column.items, blank(column.items)), distribution: {} };
  choices.open(question, anchor, (text) => correct(detail, path, JSON.stringify([...list, valueOf(column.items, text)])));
}

function remove(column, path, list, index) {
  correct(view.detail, path, JSON.stringify(list.filter((_, at) => at !== index)));
}

function correct(detail, path, value) {
  say(detail, { corrections: [{ field: path, value }] }, place(path) + " corrected");
}

/** Whether a correction is of a field that a confirmation is about. */
function isConfirmable({ field }) {
  return columns.some((column) => column.name === field && isClosed(column));
}

/** What the view shows as corrected the desk leaves out by itself. */
function confirmAnswer() {
  const detail = view.detail;
  if (!detail?.answer || !columns.some(isClosed)) return;
  say(detail, { confirm: true, corrections: unseen.corrections(detail.row.id) }, "Confirmed");
}

async function say(detail, said, done) {
  const by = localStorage.getItem(WHO) ?? (await askWho());
  if (!by) return;
  const { id } = detail.row;
  const sent = said.confirm ? [] : said.corrections.filter(isConfirmable).map((one) => unseen.sent(id, one));
  try {
    const written = await post("/documents/" + encodeURIComponent(id) + "/feedback", { by, answerTag: detail.answerTag, ...said });
    sent.forEach((one) => unseen.written(one, written.at));
    toast(done);
  } catch (failure) {
    sent.forEach((one) => unseen.forget(id, one));
    if (failure.status === 409) await lookAgain(failure);
    else await refused(failure);
  }
}

/** What was said is of an answer that is no longer there: shows the one that is, and says so until it is read. */
async function lookAgain(failure) {
  toast(sentence(failure.message), 8000);
  await refresh();
}

async function askWho() {
  const name = await ask("Who are you?", "Your name goes into the feedback topic with each correction.", "text", localStorage.getItem(WHO) ?? "");
  if (name) localStorage.setItem(WHO, name);
  showWho();
  return name;
}

function showWho() {
  at("who").textContent = localStorage.getItem(WHO) ?? "Who are you?";
}

/** Asks for one text; null if there is none. */
function ask(heading, note, type, value) {
  const dialog = at("ask");
  const input = el("input", { type, maxlength: "100", autocomplete: "off", "aria-label": heading });
  input.value = value;
  const done = el("button", { type: "button", class: "act" }, "Done");
  fill(dialog, el("header", {}, el("h2", {}, heading)), el("p", {}, note), input, el("div", { class: "choices-foot" }, done));
  return new Promise((resolve) => {
    const finish = () => {
      const given = input.value.trim();
      if (!given) return;
      resolve(given);
      dialog.close();
    };
    done.onclick = finish;
    input.onkeydown = (event) => event.key === "Enter" && finish();
    dialog.onclose = () => resolve(null);
    dialog.showModal();
    input.focus();
  });
}

// ---- how it goes

let asking = null;

async function refused(failure) {
  if (!(failure instanceof Refused)) throw failure;
  if (failure.status === 401) {
    asking ??= ask("Token", "This desk asks for its bearer token (setting desk.token).", "password", "");
    const given = await asking;
    asking = null;
    if (given) {
      setToken(given);
      location.reload();
    }
    return;
  }
  if (failure.status === 404 && view.id) closeDocument();
  notice(sentence(failure.message));
}

function sentence(message) {
  return message.charAt(0).toUpperCase() + message.slice(1) + ".";
}

function notice(text) {
  at("notice").hidden = text === "";
  at("notice").textContent = text;
}

let toasts;

function toast(text, millis = 2500) {
  at("toast").textContent = text;
  at("toast").hidden = false;
  clearTimeout(toasts);
  toasts = setTimeout(() => (at("toast").hidden = true), millis);
}

function live(state) {
  at("live").dataset.state = state;
  at("live").lastElementChild.textContent = state === "live" ? "live" : "connecting";
  if (state === "live") refresh();
}

function theme(next) {
  const chosen = next ?? localStorage.getItem(THEME) ?? "system";
  localStorage.setItem(THEME, chosen);
  document.documentElement.dataset.theme = chosen;
}

function nextTheme() {
  const chosen = localStorage.getItem(THEME) ?? "system";
  theme(THEMES[(THEMES.indexOf(chosen) + 1) % THEMES.length]);
  toast("Colours: " + localStorage.getItem(THEME));
}

function escape() {
  if (choices.isOpen) choices.close();
  else if (document.activeElement === at("search")) at("search").blur();
  else if (at("desk").classList.contains("filtering")) at("desk").classList.remove("filtering");
  else if (view.id) closeDocument();
  else return false;
  return true;
}

function move(step) {
  const id = queue.move(step);
  if (id && view.id) openDocument(id);
}

// ---- beginning

async function describe() {
  const described = await get("/columns");
  columns = described.columns;
  filters.columns = columns;
  at("title").textContent = described.title;
  const before = at("order").value || "newest";
  fill(at("order"), [
    el("option", { value: "newest" }, "newest first"),
    el("option", { value: "oldest" }, "oldest first"),
    el("option", { value: "unsure" }, "least sure first"),
    columns.filter((one) => one.kind === "LABEL").map((one) => el("option", { value: "field." + one.name }, "by " + words(one.name))),
  ]);
  at("order").value = before;
  return described;
}

async function begin() {
  theme();
  showWho();
  try {
    await describe();
  } catch (failure) {
    await refused(failure);
    setTimeout(begin, 2000);
    return;
  }
  const open = recall();
  await refresh(false);
  if (open) {
    queue.select(open);
    openDocument(open);
  }
  listen(async () => {
    if (columns.length === 0) await describe();
    refresh();
  }, live);
}

let typing;
at("search").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(changed, 180);
});
at("order").addEventListener("change", changed);
at("fresh").addEventListener("click", () => {
  at("queue").scrollTop = 0;
  refresh(false);
});
at("queue").addEventListener("scroll", () => {
  const list = at("queue");
  if (list.dataset.more === "true" && list.scrollTop + list.clientHeight > list.scrollHeight - 400) {
    list.dataset.more = "false";
    wanted = Math.min(MOST, wanted + PAGE);
    refresh(false);
  }
});
at("theme").addEventListener("click", nextTheme);
at("who").addEventListener("click", askWho);
at("show-overview").addEventListener("click", showOverview);
at("show-help").addEventListener("click", () => help(at("help")));
at("show-filters").addEventListener("click", () => at("desk").classList.toggle("filtering"));
setInterval(() => queue.tick(), 5000);

keys({
  next: () => move(1),
  previous: () => move(-1),
  open: () => queue.selected && openDocument(queue.selected),
  edit: () => view.leastSure()?.click(),
  confirm: confirmAnswer,
  search: () => at("search").focus(),
  unsure: () => filters.toggle("unsure", "true"),
  overview: showOverview,
  theme: nextTheme,
  help: () => help(at("help")),
  choices: (event) => choices.isOpen && choices.key(event),
  escape,
});

begin();
