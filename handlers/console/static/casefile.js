// The report of a visit is written where there is no signal: it is kept here until it is stored.
"use strict";

(() => {
  const form = document.querySelector("form[data-visit]");
  const mine = (key) => key.startsWith("visit:");
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-forget-drafts]")) return;
    const left = Object.keys(localStorage).filter(mine);
    if (left.length && !window.confirm("这台设备上有走访记录还没有存到服务器，退出就没有了。还要退出吗？")) {
      event.preventDefault();
      event.stopPropagation(); // other drafts are not thrown away either
      return;
    }
    left.forEach((key) => localStorage.removeItem(key));
  }, true);
  if (!form) return;

  const key = `visit:${document.body.dataset.person}:${form.dataset.visit}`;
  const state = form.querySelector("[data-visit-state]");
  const kept = form.querySelector("[data-visit-kept]");
  const fields = [...form.querySelectorAll("textarea")];
  const base = (field) => form.elements[`base-${field.name}`];
  const shown = new Map(fields.map((field) => [field.name, field.value]));
  let sending = null;

  const say = (text) => { state.textContent = text; state.hidden = !text; };
  // Only what was changed is kept, with the values it was written over and the form it began in.
  const keep = () => {
    const changed = fields.filter((field) => field.value !== shown.get(field.name));
    if (!changed.length) return localStorage.removeItem(key);
    const values = changed.map((field) => [field.name, field.value, base(field).value]);
    localStorage.setItem(key, JSON.stringify({ form: form.elements.form.value, values }));
  };
  const restore = () => {
    const stored = JSON.parse(localStorage.getItem(key) || "null");
    if (!stored) return;
    const news = stored.values.filter(([name, value]) => shown.has(name) && shown.get(name) !== value);
    if (!news.length) return localStorage.removeItem(key);
    form.elements.form.value = stored.form;
    news.forEach(([name, value, before]) => {
      form.elements[name].value = value;
      form.elements[`base-${name}`].value = before;
    });
    kept.hidden = false;
  };

  const offline = () => {
    say("没有信号，还没有存到服务器。字都留在这台手机上，有信号时自动再存。");
    kept.hidden = true;
  };
  const send = async (finish) => {
    const data = new FormData(form);
    if (finish) data.set("then", "finish");
    const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" }, redirect: "error" }).catch(() => null);
    if (!answer) return offline();
    sending = null;
    if (answer.ok) {
      localStorage.removeItem(key);
      window.location.assign((await answer.json()).next);
      return undefined;
    }
    // What was refused is said on a page of its own; what was typed stays here.
    say("");
    const then = Object.assign(document.createElement("input"), { type: "hidden", name: "then", value: finish ? "finish" : "" });
    form.append(then);
    return form.submit();
  };

  form.addEventListener("input", keep);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    keep();
    sending = { finish: event.submitter?.value === "finish" };
    say("正在存…");
    send(sending.finish);
  });
  form.querySelector("[data-visit-drop]").addEventListener("click", () => {
    localStorage.removeItem(key);
    window.location.reload();
  });
  const again = () => { if (sending) send(sending.finish); };
  window.addEventListener("online", again);
  setInterval(again, 15000);
  restore();
})();

// An @ in a note offers the colleagues who may see the ticket.
(() => {
  const known = new Map();
  const names = async (field) => {
    if (!known.has(field)) {
      const answer = await fetch(field.dataset.mention, { headers: { Accept: "application/json" } }).catch(() => null);
      if (!answer || !answer.ok) return [];
      known.set(field, (await answer.json()).names);
    }
    return known.get(field);
  };
  const listOf = (field) => {
    const next = field.nextElementSibling;
    if (next?.matches(".names")) return next;
    const list = Object.assign(document.createElement("p"), { className: "names" });
    list.setAttribute("role", "group");
    list.setAttribute("aria-label", "提醒谁");
    field.after(list);
    return list;
  };
  const choose = (field, from, name) => {
    field.setRangeText(`@${name} `, from, field.selectionStart, "end");
    listOf(field).replaceChildren();
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  document.addEventListener("input", async (event) => {
    const field = event.target;
    if (!field.matches("[data-mention]")) return;
    const before = field.value.slice(0, field.selectionStart);
    const at = before.match(/[@＠]([^\s@＠]*)$/);
    const found = at ? (await names(field)).filter((name) => name.startsWith(at[1]) && name !== at[1]).slice(0, 8) : [];
    listOf(field).replaceChildren(...found.map((name) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm btn-quiet", textContent: name });
      button.addEventListener("click", () => choose(field, at.index, name));
      return button;
    }));
  });
})();

document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) window.print(); });

// What was just done in a fold is seen when the page comes back.
(() => {
  const unfold = () => {
    const place = window.location.hash.length > 1 && document.getElementById(window.location.hash.slice(1));
    const fold = place && place.closest("details.file-fold");
    if (!fold || fold.open) return;
    fold.open = true;
    place.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("htmx:load", unfold);
  unfold();
})();
