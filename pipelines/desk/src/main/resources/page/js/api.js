// Talks to the desk. Answers that have not changed come from memory.

const ROOT = "/api/v1";
const TOKEN = "kaiseki-desk-token";
const known = new Map();
const MOST_KNOWN = 100;

/** The desk refuses, or does not answer. */
export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

let token = sessionStorage.getItem(TOKEN);

export function setToken(given) {
  token = given;
  sessionStorage.setItem(TOKEN, given);
}

function headers(more = {}) {
  return token ? { ...more, Authorization: "Bearer " + token } : more;
}

async function refusal(response) {
  let detail = response.statusText;
  try {
    detail = (await response.json()).detail ?? detail;
  } catch {
    // Not from the desk itself; the status has to do.
  }
  return new Refused(response.status, detail);
}

async function call(path, options) {
  try {
    return await fetch(ROOT + path, { cache: "no-store", ...options });
  } catch (failure) {
    if (failure.name === "AbortError") throw failure;
    throw new Refused(0, "the desk does not answer");
  }
}

/** An answer, and whether it is another one than last time. */
export async function get(path, signal) {
  const before = known.get(path);
  const response = await call(path, {
    signal,
    headers: headers(before ? { "If-None-Match": before.tag } : {}),
  });
  if (response.status === 304) return before.answer;
  if (!response.ok) throw await refusal(response);
  const answer = await response.json();
  known.delete(path);
  known.set(path, { tag: response.headers.get("ETag"), answer });
  if (known.size > MOST_KNOWN) known.delete(known.keys().next().value);
  return answer;
}

export async function post(path, body) {
  const response = await call(path, {
    method: "POST",
    headers: headers({ "Content-Type": "application/json" }),
    body: JSON.stringify(body),
  });
  if (!response.ok) throw await refusal(response);
  return response.json();
}

/**
 * Listens for changes until it is broken off, and then again. An EventSource can't carry a token,
 * so the stream is read by hand.
 */
export async function listen(onChange, onState) {
  let pause = 500;
  for (;;) {
    const abort = new AbortController();
    let watch;
    const alive = () => {
      clearTimeout(watch);
      watch = setTimeout(() => abort.abort(), 30_000);
    };
    try {
      alive();
      const response = await call("/events", {
        signal: abort.signal,
        headers: headers({ Accept: "text/event-stream" }),
      });
      if (!response.ok) throw await refusal(response);
      onState("live");
      pause = 500;
      await read(response.body.pipeThrough(new TextDecoderStream()).getReader(), alive, onChange);
    } catch (failure) {
      if (failure.status === 401) return;
    } finally {
      clearTimeout(watch);
      abort.abort();
    }
    onState("lost");
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(pause * 2, 8000);
  }
}

async function read(reader, alive, onChange) {
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    alive();
    const events = (rest + value).split("\n\n");
    rest = events.pop();
    if (events.some((event) => event.includes("event: change") || event.includes("event:change"))) onChange();
  }
}
