// What covers a phone's chat: the list of residents, and the account's profile.

import { avatar, el } from "./dom.js";
import { act, state } from "./store.js";

const { account, console: consoleUrl } = document.body.dataset;
const LOGO = document.querySelector(".bar img").src;

/** The list behind the back arrow: whose phone is this? */
export function peopleSheet(phone) {
  const people = [...state.residents.values()].map((resident) => el("li", {},
    el("button", { type: "button", onclick: () => phone.show(resident.openid) },
      avatar(resident), el("b", {}, resident.name), el("small", {}, lastWords(resident)))));
  const press = (what) => () => {
    phone.closeSheet();
    document.querySelector(`.bar [data-do="${what}"]`).click();
  };
  return el("div", {},
    el("header", {}, el("h2", {}, "微信")),
    el("ul", { class: "people", "aria-label": "居民" }, ...people),
    el("div", { class: "more" },
      el("button", { type: "button", onclick: press("new") }, "新居民"),
      el("button", { type: "button", onclick: press("tour") }, "导览：五步走一遍"),
      el("button", { type: "button", onclick: press("panel") }, "开发面板"),
      el("a", { href: consoleUrl, target: "_blank", rel: "noopener" }, "社工台")));
}

/** The account's profile: follow, or follow no more. */
export function profileSheet(phone, resident) {
  const go = (what, fields) => async () => {
    await act(phone.openid, what, fields);
    phone.closeSheet();
    phone.update();
  };
  const buttons = resident.followed
    ? [el("button", { type: "button", class: "go", onclick: () => phone.closeSheet() }, "发消息"),
      el("button", { type: "button", class: "plain", onclick: go("unfollow") }, "不再关注")]
    : [el("button", { type: "button", class: "go", onclick: go("follow") }, "关注服务号"),
      ...state.tickets.slice(-1).map((ticket) => el("button",
        { type: "button", class: "plain", onclick: go("scan", { ticket: ticket.ticket }) }, "扫最近的二维码关注")),
      el("button", { type: "button", class: "plain", onclick: () => phone.openSheet(peopleSheet(phone)) }, "换一位居民")];
  return el("div", {},
    el("header", {}, el("h2", {}, "")),
    el("div", { class: "profile" },
      el("img", { src: LOGO, alt: "", width: 72, height: 72 }),
      el("h3", {}, account), el("p", {}, "服务号"),
      el("p", {}, "有政策想问、遇到难处、跟人扯皮，写给我们。先由机器人答，需要时有社工接手。"),
      ...buttons));
}

function lastWords(resident) {
  const bubble = state.chats.get(resident.openid)?.at(-1);
  return bubble ? bubble.text || "[消息]" : resident.about;
}
