// The service account's menu at the foot of a phone.

import { el, toast } from "./dom.js";
import { act } from "./store.js";

/** Show *buttons* in *bar* for the phone of *openid*. */
export function showMenu(bar, buttons, openid) {
  bar.replaceChildren(...buttons.slice(0, 3).map((button) => top(button, openid)));
}

/** Close every open sub-menu of *bar*. */
export function closeMenus(bar) {
  for (const open of bar.querySelectorAll(".submenu")) open.hidden = true;
  for (const button of bar.querySelectorAll("[aria-expanded]")) button.setAttribute("aria-expanded", "false");
}

function top(button, openid) {
  const subs = button.sub_button ?? [];
  if (!subs.length) return el("div", { class: "menu" }, entry(button, openid));
  const list = el("div", { class: "submenu", hidden: true });
  list.append(...subs.slice(0, 5).map((sub) => entry(sub, openid)));
  const opener = el("button", { type: "button", "aria-expanded": "false" },
    el("i"), el("span", {}, shorten(button.name, 5)));
  opener.addEventListener("click", () => {
    const wasHidden = list.hidden;
    closeMenus(opener.closest(".menus"));
    list.hidden = !wasHidden;
    opener.setAttribute("aria-expanded", String(wasHidden));
  });
  return el("div", { class: "menu" }, opener, list);
}

function entry(button, openid) {
  const choose = (event) => {
    closeMenus(event.currentTarget.closest(".menus"));
    tap(button, openid);
  };
  return el("button", { type: "button", onclick: choose }, el("span", {}, shorten(button.name, 8)));
}

function tap(button, openid) {
  if (button.type === "view") {
    act(openid, "view", { url: button.url });
    if (/^https?:/.test(button.url ?? "")) window.open(button.url, "_blank", "noopener");
  } else if (button.type === "click") {
    act(openid, "click", { key: button.key });
  } else {
    toast(`菜单类型 ${button.type ?? "?"} 在这里不打开`);
  }
}

function shorten(name, most) {
  return name.length > most ? `${name.slice(0, most)}…` : name;
}
