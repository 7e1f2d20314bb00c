// Pushes and API calls: a list, and each one in full.

import { el } from "./dom.js";
import { get } from "./store.js";

const SHOWN = 40;
const DROPPED = "…";

/** List the pushes and calls of *openid* (and those of nobody), newest first. */
export function fillRecords(list, state, openid) {
  const pushes = state.exchanges.map((each) => ({ ...each, push: true }));
  const all = [...pushes, ...state.calls]
    .filter((each) => each.openid === openid || !each.openid)
    .sort((a, b) => b.id - a.id).slice(0, SHOWN);
  const seen = JSON.stringify(all.map((each) => [each.id, each.done, each.tries]));
  if (list.dataset.seen === seen) return;
  list.dataset.seen = seen;
  list.replaceChildren(...all.map((each) => el("li", {}, each.push ? pushLine(each) : callLine(each))));
  if (!all.length) list.append(el("li", { class: "hint" }, "还没有。发一句话，这里就有来回的原文。"));
}

function pushLine(push) {
  const fate = push.failed ? push.error : push.done ? "" : "等待中…";
  return el("button", { type: "button", class: "record", onclick: () => showPush(push.id) },
    el("span", { title: "微信 → 服务" }, "→"),
    el("span", { class: push.failed ? "bad" : "" }, `${push.kind.replace("event.", "事件 ")} ${fate}`),
    el("small", {}, `${push.tries} 次 ${push.ms} ms`));
}

function callLine(call) {
  const path = call.path.replace("/cgi-bin/", "").replace("message/", "");
  const fate = call.code === 0 ? "" : call.code === -2 ? "（不是 JSON）" : `errcode ${call.code}`;
  return el("button", { type: "button", class: "record", onclick: () => showCall(call) },
    el("span", { title: "服务 → 微信" }, "←"),
    el("span", { class: call.code ? "bad" : "" }, `${path} ${call.kind} ${fate}`),
    el("small", {}, `${call.ms} ms`));
}

async function showPush(id) {
  const push = await get(`exchanges/${id}`);
  if (!push) return;
  const rows = push.attempts.map((attempt, place) => el("tr", {},
    el("td", {}, attempt.duplicate ? "重复" : `第 ${place + 1} 次`), el("td", {}, String(attempt.status || "—")),
    el("td", {}, `${attempt.ms} ms`), el("td", {}, attempt.error)));
  const last = push.attempts.at(-1);
  open(`推送 ${push.kind}`, [
    el("p", {}, push.msg_id ? `MsgId ${push.msg_id}` : "事件没有 MsgId", ` · 共 ${push.ms} ms · ${push.failed ? `失败：${push.error}` : "成功"}`),
    el("table", {}, el("tr", {}, ...["次", "HTTP", "用时", "问题"].map((name) => el("th", {}, name))), ...rows),
    ...raw("请求（解密后）", lines(push.xml)),
    ...raw("回复（解密后）", lines(push.reply_xml || last?.response || "（空）")),
    ...raw("请求地址", last?.url),
    ...raw("请求原文（加密）", last?.request),
    ...raw("回复原文", last?.response || DROPPED),
  ]);
}

function showCall(call) {
  open(`接口 ${call.path}`, [
    el("p", {}, `${call.method} · errcode ${call.code} · ${call.ms} ms`),
    ...raw("请求", pretty(call.request) || "（空）"),
    ...raw("回答", pretty(call.response) || "（空）"),
  ]);
}

function raw(title, text) {
  return text ? [el("h4", {}, title), el("pre", {}, text)] : [];
}

function lines(xml) {
  return xml.replace(/(<\/\w+>|^<xml>)(?=<)/g, "$1\n");
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function open(title, nodes) {
  const dialog = document.getElementById("record");
  dialog.querySelector("h3").textContent = title;
  dialog.querySelector(".record-body").replaceChildren(...nodes);
  dialog.showModal();
}
