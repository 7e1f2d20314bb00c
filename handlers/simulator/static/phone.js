// One phone on the desk: whose it is, its chat, its foot, its sheets.

import { bubbleNode } from "./bubbles.js";
import { composer } from "./composer.js";
import { el } from "./dom.js";
import { closeMenus, showMenu } from "./menu.js";
import { peopleSheet, profileSheet } from "./sheets.js";
import { act, state } from "./store.js";
import { chatTime, hour } from "./times.js";

const ACCOUNT = document.body.dataset.account;
const GAP = 5 * 60_000;
const NEAR = 80;
const NARROW = window.matchMedia("(max-width: 700px)");

export class Phone {
  constructor(openid, { chosen }) {
    this.openid = openid;
    this.node = document.getElementById("phone").content.firstElementChild.cloneNode(true);
    this.chosen = chosen;
    this.part = (name) => this.node.querySelector(name);
    this.log = this.part(".log");
    this.foot = this.part(".foot");
    this.follow = true;
    this.composer = composer(this.foot, () => this.openid);
    this.listen();
    this.show(openid);
  }

  /** Make this the phone of *openid*. */
  show(openid) {
    Object.assign(this, { openid, last: 0, lastAt: null, epoch: state.epoch, keyboard: null, menuSeen: "", storySeen: "" });
    this.log.replaceChildren();
    this.closeSheet();
    this.update();
  }

  /** Bring the phone up to date with the state. */
  update() {
    const resident = state.residents.get(this.openid);
    if (!resident) return;
    if (this.epoch !== state.epoch) {
      this.show(this.openid);
      return;
    }
    this.part(".owner-name").textContent = `${resident.name}的手机`;
    this.part(".owner-about").textContent = resident.about;
    this.node.setAttribute("aria-label", `${resident.name}的手机`);
    const title = resident.typing ? "对方正在输入…" : ACCOUNT;
    if (this.part(".title h2").textContent !== title) this.part(".title h2").textContent = title;
    this.part(".status-time").textContent = hour(new Date(state.clock.now));
    this.updateChat(resident);
    this.updateFoot(resident);
    this.updateStory(resident);
    if (!resident.followed && !this.sheetOpen) this.openSheet(profileSheet(this, resident));
  }

  /** Send a text in the resident's name. */
  say(text) {
    return act(this.openid, "text", { text });
  }

  openSheet(node) {
    const sheet = this.part(".sheet");
    sheet.replaceChildren(node);
    sheet.hidden = false;
    sheet.querySelector("button")?.focus({ preventScroll: true });
  }

  closeSheet() {
    this.part(".sheet").hidden = true;
  }

  get sheetOpen() {
    return !this.part(".sheet").hidden;
  }

  listen() {
    this.node.addEventListener("pointerdown", () => this.chosen(this));
    this.node.addEventListener("focusin", () => this.chosen(this));
    this.part(".back").addEventListener("click", () => this.openSheet(peopleSheet(this)));
    this.part(".about").addEventListener("click", () => {
      this.openSheet(profileSheet(this, state.residents.get(this.openid)));
    });
    for (const button of this.node.querySelectorAll(".swap")) button.addEventListener("click", () => this.swap());
    this.part(".newer").addEventListener("click", () => this.toEnd());
    this.log.addEventListener("scroll", () => {
      this.follow = this.atEnd;
      if (this.follow) this.part(".newer").hidden = true;
    });
    document.addEventListener("pointerdown", (event) => {
      if (!this.part(".menus").contains(event.target)) closeMenus(this.part(".menus"));
    });
    new ResizeObserver(() => { if (this.follow) this.toEnd(); }).observe(this.log);
    this.log.addEventListener("load", () => { if (this.follow) this.toEnd(); }, true);
    this.node.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      closeMenus(this.part(".menus"));
      if (state.residents.get(this.openid)?.followed) this.closeSheet();
    });
  }

  swap() {
    this.keyboard = !this.keyboard;
    this.updateFoot(state.residents.get(this.openid));
    this.updateStory(state.residents.get(this.openid));
    if (this.keyboard) this.composer.focus();
    else this.part(".menubar .swap").focus();
  }

  updateChat(resident) {
    const fresh = (state.chats.get(this.openid) ?? []).filter((bubble) => bubble.id > this.last);
    if (!fresh.length) return;
    const stay = !this.atEnd && this.last > 0 && fresh.every((bubble) => bubble.sender !== "resident");
    for (const bubble of fresh) this.append(bubble, resident);
    this.last = fresh.at(-1).id;
    if (stay) this.part(".newer").hidden = false;
    else this.toEnd();
  }

  append(bubble, resident) {
    const at = new Date(bubble.at);
    if (!this.lastAt || Math.abs(at - this.lastAt) >= GAP) {
      this.log.append(el("p", { class: "time" }, chatTime(at, new Date(state.clock.now))));
    }
    this.lastAt = at;
    this.log.append(bubbleNode(bubble, resident, (text, id) => act(this.openid, "text", { text, menu_id: id })));
  }

  updateFoot(resident) {
    const menu = state.menu.length > 0 && resident.followed;
    const keyboard = this.keyboard ?? !menu;
    this.part(".menubar").hidden = !menu || keyboard;
    this.part(".composer").hidden = menu && !keyboard;
    if (menu && !keyboard) for (const drawer of this.node.querySelectorAll(".drawer")) drawer.hidden = true;
    this.part(".composer .swap").hidden = !menu;
    const seen = JSON.stringify([state.menu, this.openid]);
    if (seen !== this.menuSeen) showMenu(this.part(".menus"), state.menu, this.openid);
    this.menuSeen = seen;
  }

  updateStory(resident) {
    const narrow = NARROW.matches;
    const story = this.part(".story");
    if (narrow !== this.foot.contains(story)) (narrow ? this.foot : this.node)[narrow ? "prepend" : "append"](story);
    const inMenu = narrow && !this.part(".menubar").hidden && this.last > 0;
    story.hidden = inMenu || (narrow && !resident.story.length);
    const seen = JSON.stringify([resident.name, resident.story]);
    if (seen === this.storySeen) return;
    this.storySeen = seen;
    story.setAttribute("aria-label", `可以替${resident.name}发的话`);
    story.replaceChildren(...resident.story.map((text) => el("button",
      { type: "button", title: text, onclick: () => this.say(text) }, text)));
  }

  get atEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR;
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.part(".newer").hidden = true;
  }
}
