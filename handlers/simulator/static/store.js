// What the simulator knows, fetched each second; everything else listens to it.

import { toast } from "./dom.js";

const EVERY = 1000;
const HURRIED = 250;
const HURRY_FOR = 4000;
const listeners = new Set();
let after = 0;
let fetching = Promise.resolve();
let hurryUntil = 0;

export const state = {
  epoch: 0, residents: new Map(), chats: new Map(), menu: [], exchanges: [], calls: [],
  faults: [], tickets: [], clock: { now: new Date().toISOString(), offset: 0 },
};

/** Call *listener* after every change. */
export function listen(listener) {
  listeners.add(listener);
}

/** Fetch the news now, after any fetch that is under way. */
export function refresh() {
  fetching = fetching.then(load);
  return fetching;
}

/** Go on fetching for ever. */
export async function start() {
  await refresh();
  setTimeout(start, Date.now() < hurryUntil ? HURRIED : EVERY);
}

/** Let a resident do something; errors become a toast. */
export function act(openid, what, fields = {}) {
  return post(`residents/${encodeURIComponent(openid)}/${what}?wait=0`, fields);
}

/** Send JSON, or a file as it is, to the control API. */
export async function post(path, body = {}, method = "POST") {
  const file = body instanceof Blob;
  hurryUntil = Date.now() + HURRY_FOR;
  const response = await fetch(`/sim/${path}`, {
    method,
    headers: { "Content-Type": file ? body.type : "application/json" },
    body: method === "DELETE" ? undefined : file ? body : JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) toast(answer.error ?? "没有成功");
  await refresh();
  return answer;
}

/** Fetch one thing of the control API. */
export async function get(path) {
  const response = await fetch(`/sim/${path}`);
  return response.ok ? response.json() : null;
}

async function load() {
  let feed;
  try {
    feed = await get(`feed?after=${after}`);
  } catch {
    feed = null;
  }
  document.body.classList.toggle("offline", !feed);
  if (!feed) return;
  if (feed.epoch !== state.epoch && state.epoch) {
    forget();
    feed = await get("feed?after=0") ?? feed;
  }
  take(feed);
  for (const listener of listeners) listener(state);
}

function forget() {
  state.chats.clear();
  state.calls = [];
}

function take(feed) {
  after = feed.last;
  state.epoch = feed.epoch;
  state.residents = new Map(feed.residents.map((resident) => [resident.openid, resident]));
  for (const name of ["menu", "exchanges", "faults", "tickets", "clock"]) state[name] = feed[name];
  state.calls = [...state.calls, ...feed.calls].slice(-60);
  for (const bubble of feed.bubbles) {
    if (!state.chats.has(bubble.openid)) state.chats.set(bubble.openid, []);
    state.chats.get(bubble.openid).push(bubble);
  }
}
