// The developer panel: the chosen resident, clock, faults, and what went over the wire.

import { ask, el, toast } from "./dom.js";
import { fillRecords } from "./records.js";
import { act, listen, post, state } from "./store.js";
import { span } from "./times.js";

const KINDS = JSON.parse(document.body.dataset.faults);
const NEEDS = { api_slow: "seconds", push_slow: "seconds", api_errcode: "code" };
const byId = (id) => document.getElementById(id);
let chosen = () => null;

/** Bring the panel to life; *current* returns the openid of the chosen phone. */
export function startPanel(current) {
  chosen = current;
  byId("who-buttons").addEventListener("click", (event) => whoButton(event.target.dataset.act));
  byId("scan").addEventListener("submit", (event) => {
    event.preventDefault();
    const scene = new FormData(event.target).get("scene").trim();
    if (scene) act(chosen(), "scan", { scene });
  });
  byId("panel").addEventListener("click", (event) => {
    const { clock, stage } = event.target.dataset;
    if (clock) post("clock", JSON.parse(clock));
    if (stage) onStage(stage);
  });
  startFaults();
  listen(updatePanel);
}

/** Show the chosen resident and the rest anew. */
export function updatePanel() {
  const resident = state.residents.get(chosen());
  if (resident) showWho(resident);
  const moved = state.clock.offset ? `（拨快 ${span(Math.round(state.clock.offset))}）` : "（真实时间）";
  byId("clock").textContent = `${new Date(state.clock.now).toLocaleString("zh-CN")} ${moved}`;
  byId("scenes").replaceChildren(...state.tickets.map((ticket) => el("option", { value: ticket.scene })));
  showFaults();
  fillRecords(byId("records"), state, chosen());
}

function showWho(resident) {
  const { left, limit, seconds, cause } = resident.quota;
  const bars = Array.from({ length: limit }, (_, place) => el("i", { class: place < left ? "full" : "" }));
  const words = limit
    ? `还能发 ${left}/${limit} 条 · 剩 ${span(seconds)}${cause === "action" ? "（点菜单或扫码）" : ""}`
    : "现在不能主动发（没有打开的时间窗）";
  byId("who").replaceChildren(el("div", { class: "who" },
    el("b", {}, resident.name), " ", el("small", {}, resident.openid),
    el("div", { class: "meter" }, ...bars, el("span", {}, words)),
    el("small", {}, `订阅通知还可发 ${Object.values(resident.consents).reduce((a, b) => a + b, 0)} 条`)));
  for (const [what, shown] of [["follow", !resident.followed], ["unfollow", resident.followed],
    ["consent", resident.followed], ["position", resident.followed], ["scan-last", state.tickets.length > 0]]) {
    document.querySelector(`[data-act="${what}"]`).hidden = !shown;
  }
}

async function whoButton(what) {
  if (what === "consent") {
    const answer = await ask("consent");
    act(chosen(), "consent", { accept: answer?.answer === "ok" });
  } else if (what === "scan-last") {
    act(chosen(), "scan", { ticket: state.tickets.at(-1).ticket });
  } else if (what) {
    act(chosen(), what);
  }
}

async function onStage(stage) {
  if (stage === "reset" && !window.confirm("清空所有手机上的聊天？服务那边的记录不动。")) return;
  const answer = await post(stage);
  if (stage === "verify") toast(answer.ok ? `回调应答正确，${answer.ms} 毫秒` : `回调没有通过：${answer.error || answer.status}`);
}

function startFaults() {
  const form = byId("fault");
  const kind = form.elements.kind;
  kind.append(...Object.entries(KINDS).map(([value, label]) => el("option", { value }, label)));
  const fit = () => {
    for (const label of form.querySelectorAll("[data-for]")) label.hidden = NEEDS[kind.value] !== label.dataset.for;
  };
  kind.addEventListener("change", fit);
  fit();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const number = (name) => Number(form.elements[name].value) || 0;
    post("faults", { kind: kind.value, count: number("count"), seconds: number("seconds"), code: number("code") });
  });
}

function showFaults() {
  byId("faults-on").hidden = !state.faults.length;
  byId("faults-on").textContent = `${state.faults.length} 个开着`;
  byId("faults").replaceChildren(...state.faults.map((fault) => el("li", { class: "fault" },
    `${KINDS[fault.kind]} ${detail(fault)}`,
    el("button", { type: "button", onclick: () => post(`faults/${fault.kind}`, {}, "DELETE") }, "关掉"))));
}

function detail(fault) {
  const what = { seconds: `${fault.seconds} 秒`, code: String(fault.code) }[NEEDS[fault.kind]] ?? "";
  return `${what} · ${fault.left === null ? "一直" : `还有 ${fault.left} 次`}`;
}
