// Five steps from the first message to a caseworker's reply.

import { el } from "./dom.js";
import { listen, state } from "./store.js";

const box = document.getElementById("tour");
const consoleUrl = document.body.dataset.console;
let step = -1;
let phone = null;
let mark = 0;

const STEPS = [
  { title: "一、居民说一句", text: "这是小李的微信，他在工地上没拿到工钱。替他问一句，或者自己在下面打字。",
    button: "发：工地老板跑了…", say: 0 },
  { title: "二、机器人先答", text: "答案先给结果，再给办法和出处，写明是机器人答的。答不准时它会给几个选项，可以直接点。开发面板的“往来”里是这一问一答的原文。" },
  { title: "三、转给社工", text: "说清楚遇到的事，或回“人工”，服务就登记工单，给他一个编号。", button: "发：包工头欠我们…", say: 1 },
  { title: "四、社工来答", text: "打开社工台，用演示账号登录，找到这张工单，回他一句。", link: "打开社工台" },
  { title: "五、回到手机上", text: "社工的话到了小李的微信，用掉 5 条里的 1 条。再试试：把时钟拨快 49 小时，社工还能不能发？" },
];

/** Start the tour on *chosen*, the phone of the first resident. */
export function startTour(chosen) {
  phone = chosen;
  go(0);
}

listen(() => {
  if (step === 3 && news().some((bubble) => !bubble.ai && !bubble.details.passive)) go(4);
  if (step === 0 && news().some((bubble) => bubble.sender === "account")) go(1);
});

function news() {
  return (state.chats.get(phone?.openid) ?? []).filter((bubble) => bubble.id > mark && bubble.sender === "account");
}

function go(next) {
  step = next;
  mark = Math.max(0, ...(state.chats.get(phone.openid) ?? []).map((bubble) => bubble.id));
  box.hidden = step >= STEPS.length;
  if (!box.hidden) draw(STEPS[step]);
}

function draw({ title, text, button, say, link }) {
  const dots = STEPS.map((_, place) => el("li", { class: place < step ? "past" : place === step ? "now" : "" }));
  const story = state.residents.get(phone.openid)?.story ?? [];
  const last = step === STEPS.length - 1;
  box.replaceChildren(
    el("ol", { class: "steps", "aria-label": `第 ${step + 1} 步，共 ${STEPS.length} 步` }, ...dots),
    el("h2", {}, title), el("p", {}, text),
    el("div", { class: "row" },
      button ? el("button", { type: "button", class: "go", onclick: () => phone.say(story[say] ?? "工钱没给怎么办") }, button) : null,
      link ? el("a", { class: "go", href: consoleUrl, target: "_blank", rel: "noopener" }, link) : null,
      el("button", { type: "button", onclick: () => go(step + 1) }, last ? "完成" : "下一步"),
      last ? null : el("button", { type: "button", class: "end", onclick: () => go(STEPS.length) }, "结束")));
}
