// A ticket's page stays as it is while one works on it: only what is new is put in its place.
"use strict";

(() => {
  const thread = document.getElementById("thread");
  const newer = document.getElementById("newer");
  const nearEnd = () => thread.scrollHeight - thread.scrollTop - thread.clientHeight < 80;
  const toEnd = () => { thread.scrollTop = thread.scrollHeight; if (newer) newer.hidden = true; };
  const looked = () => { if (thread && !document.hidden) document.body.dispatchEvent(new Event("looked")); };

  document.querySelector("#views [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });

  // A part that changed is replaced; focus inside it is given back, the rest is not touched.
  const replace = (fresh) => {
    const old = document.getElementById(fresh.id);
    if (!old || old.isEqualNode(fresh)) return;
    const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
    const { id, scrollLeft } = old;
    old.replaceWith(document.importNode(fresh, true));
    document.getElementById(id).scrollLeft = scrollLeft;
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  };

  // Rows keep their places while one looks: new ones come in, the one under hand or eye stays put.
  const seenRow = (list, pane) => {
    const hand = list.querySelector("[data-row]:focus, [data-row]:hover");
    if (hand || pane.scrollTop === 0) return hand;
    const top = pane.getBoundingClientRect().top;
    return [...list.querySelectorAll("[data-row]")].find((row) => row.getBoundingClientRect().bottom > top);
  };
  const paneOf = (node) => {
    for (let pane = node.parentElement; pane; pane = pane.parentElement) {
      if (/auto|scroll/.test(getComputedStyle(pane).overflowY)) return pane;
    }
    return document.scrollingElement;
  };
  const topOf = (id) => document.getElementById(id)?.getBoundingClientRect().top;
  const mergeRows = (fresh) => {
    const list = document.getElementById(fresh.id);
    if (!list || list.isEqualNode(fresh)) return;
    const pane = paneOf(list);
    const seen = seenRow(list, pane)?.id;
    const focused = list.contains(document.activeElement) ? document.activeElement.id : "";
    const before = topOf(seen);
    const known = new Map([...list.children].map((row) => [row.dataset.of, row]));
    [...fresh.children].forEach((row, at) => {
      let mine = known.get(row.dataset.of);
      known.delete(row.dataset.of);
      if (!mine || !mine.isEqualNode(row)) {
        const newer = document.importNode(row, true);
        if (mine) mine.replaceWith(newer);
        mine = newer;
      }
      if (list.children[at] !== mine) list.insertBefore(mine, list.children[at] || null);
    });
    known.forEach((row) => row.remove());
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    const after = topOf(seen);
    if (before !== undefined && after !== undefined) pane.scrollTop += after - before;
  };

  const addBubbles = (bubbles) => {
    const follow = nearEnd();
    let words = false;
    bubbles.forEach((fresh) => {
      if (document.getElementById(fresh.id)) return replace(fresh);
      thread.append(document.importNode(fresh, true));
      words = words || fresh.dataset.say === "resident";
    });
    if (follow) toEnd(); else if (words && newer) newer.hidden = false;
    if (words) looked();
  };

  const merge = (html) => {
    const answer = new DOMParser().parseFromString(html, "text/html");
    answer.querySelectorAll("[data-live-rows]").forEach(mergeRows);
    answer.querySelectorAll("[data-live]").forEach(replace);
    const [now, then] = [answer.getElementById("can"), document.getElementById("can")];
    const stale = document.getElementById("stale");
    if (now && stale) stale.hidden = now.dataset.can === then.dataset.can;
    if (thread) addBubbles(answer.querySelectorAll("[data-bubbles] > .say"));
  };

  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt.id === "live") event.detail.parameters.v = event.detail.elt.dataset.version;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt, xhr, successful } = event.detail;
    if (!elt.hasAttribute("data-merge") || !successful || xhr.status !== 200) return;
    merge(xhr.responseText);
    if (elt.id === "live") elt.dataset.version = xhr.getResponseHeader("X-Version") || "";
  });

  // What was sent leaves the form and the kept draft; what is typed next is a new draft.
  document.addEventListener("sent", (event) => {
    const form = event.target.closest("form");
    const field = form.querySelector("textarea");
    field.value = "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    form.dataset.version = event.detail.version;
    sessionStorage.removeItem(`draft:${document.body.dataset.person}:${form.dataset.draft}`);
    toEnd();
    if (matchMedia("(pointer: fine)").matches) field.focus();
  });

  if (!thread) return;
  toEnd();
  newer?.addEventListener("click", toEnd);
  let atEnd = true, last = 0;
  new ResizeObserver(() => { if (atEnd) toEnd(); }).observe(thread);
  thread.addEventListener("scroll", () => {
    // What grows below is no reason to stay behind; only who scrolls up wants to.
    const up = thread.scrollTop < last - 2;
    last = thread.scrollTop;
    atEnd = nearEnd() || (atEnd && !up);
    if (nearEnd() && newer) newer.hidden = true;
  });
  // A picture has no height until it is here.
  thread.addEventListener("load", () => { if (atEnd) toEnd(); }, true);
  document.addEventListener("visibilitychange", looked);
})();
