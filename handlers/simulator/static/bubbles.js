// What one bubble of a chat looks like.

import { avatar, el, icon } from "./dom.js";
import { rich } from "./text.js";

const ACCOUNT = document.body.dataset.account;
const LOGO = document.querySelector(".bar img").src;
const SHAPES = { text, voice, image, video, location, link, file, news, msgmenu };

/** Return the node of *bubble*; *tap* sends a choice. */
export function bubbleNode(bubble, resident, tap) {
  if (bubble.sender === "system") return el("p", { class: "line" }, bubble.text);
  if (bubble.kind === "notice") return notice(bubble);
  const own = bubble.sender === "resident";
  const shape = SHAPES[bubble.kind] ?? plain;
  const content = el("div", { class: "content" },
    bubble.agent ? el("span", { class: "nick" }, bubble.agent) : null,
    ...[shape(bubble, tap)].flat(),
    bubble.ai ? el("p", { class: "ai" }, "内容由第三方AI生成") : null);
  const who = own ? resident.name : bubble.agent || ACCOUNT;
  const face = own ? avatar(resident) : accountFace(bubble.agent);
  const parts = own ? [content, face] : [face, content];
  return el("div", { class: own ? "message own" : "message", role: "article", "aria-label": who }, ...parts);
}

function accountFace(agent) {
  if (agent) return el("span", { class: "avatar agent", "aria-hidden": "true" }, agent[0].toUpperCase());
  return el("span", { class: "avatar" }, el("img", { src: LOGO, alt: "" }));
}

function text(bubble, tap) {
  return el("div", { class: "bubble" }, ...rich(bubble.text, tap));
}

function plain(bubble) {
  return el("div", { class: "bubble" }, `[${bubble.kind}] ${bubble.text}`);
}

function voice(bubble) {
  const seconds = bubble.details.seconds ?? 1;
  const width = `voice-${Math.min(4, 1 + Math.floor(seconds / 8))}`;
  const body = el("div", { class: `bubble voice ${width}`, role: "img", "aria-label": `语音 ${seconds} 秒` }, icon("wave"), `${seconds}"`);
  return bubble.text ? [body, el("div", { class: "heard" }, bubble.text)] : body;
}

function image(bubble) {
  return el("img", { class: "photo", src: `/sim/media/${bubble.details.media_id}`, alt: "图片" });
}

function video() {
  return el("div", { class: "film", role: "img", "aria-label": "视频" }, icon("play"));
}

function location(bubble) {
  const { latitude, longitude } = bubble.details;
  return el("div", { class: "card" },
    el("div", { class: "words" }, el("b", {}, bubble.text || "我的位置"), el("small", {}, `${latitude}, ${longitude}`)),
    el("div", { class: "map" }, icon("pin")));
}

function link(bubble) {
  return el("a", { class: "card", ...outside(bubble.details.url) },
    el("div", { class: "pair" },
      el("div", {}, el("b", {}, bubble.text), el("small", {}, bubble.details.description)),
      el("span", { class: "thumb" }, icon("link"))));
}

function file(bubble) {
  return el("div", { class: "card" },
    el("div", { class: "pair" },
      el("div", {}, el("b", {}, bubble.text), el("small", {}, "服务号收不到这类消息的内容")),
      el("span", { class: "thumb" }, icon("file"))));
}

function news(bubble) {
  return el("a", { class: "card", ...outside(bubble.details.url) },
    el("div", { class: "cover" }),
    el("div", { class: "words" }, el("b", {}, bubble.text), el("small", {}, bubble.details.description)));
}

function msgmenu(bubble, tap) {
  const { choices, tail } = bubble.details;
  const buttons = choices.map((choice) => el("button",
    { type: "button", class: "choice", onclick: () => tap(choice.content, choice.id) }, choice.content));
  const words = [...rich(bubble.text, tap), el("span", { class: "choices" }, ...buttons), ...rich(tail ?? "", tap)];
  return el("div", { class: "bubble" }, ...words);
}

function notice(bubble) {
  const { rows, url, source } = bubble.details;
  const list = rows.flatMap((row) => [el("dt", {}, row.label), el("dd", {}, row.value)]);
  const more = url ? el("a", outside(url), "查看详情", icon("next")) : "服务通知";
  return el("article", { class: "notice" },
    el("header", {}, el("img", { src: LOGO, alt: "", width: 20, height: 20 }), ACCOUNT),
    el("h3", {}, source === "subscription" ? "订阅通知" : "服务通知"),
    el("dl", {}, ...list),
    el("footer", {}, more));
}

function outside(url) {
  return /^https?:\/\//.test(url ?? "") ? { href: url, target: "_blank", rel: "noopener noreferrer" } : {};
}
