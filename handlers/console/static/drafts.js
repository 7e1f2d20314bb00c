// What is typed on a ticket's page is kept on the server as it is typed; and who is here is told.
"use strict";

(() => {
  const place = document.getElementById("drafts");
  const here = document.getElementById("here");
  if (!place || !here) return;

  const PAUSE = 700, EVERY = 2000, AGAIN = 5000, BEAT = 10000;
  const deeds = place.dataset.deeds.split(" ");
  const token = () => document.querySelector('meta[name="csrf-token"]').content;

  const hidden = (form, name, value) => {
    const input = Object.assign(document.createElement("input"), { type: "hidden", name, value });
    form.append(input);
    return input;
  };
  const boxes = [];
  const boxOf = (field) => boxes.find((box) => box.field === field);
  const kindOf = (field) => `${new URL(field.form.action).pathname.split("/").pop()}.${field.name}`;
  const once = (box) => box.field.form.querySelector('input[name="once"]').value;

  // One request at a time for each box, the newest text last.
  const save = (box) => {
    clearTimeout(box.timer);
    box.timer = 0;
    if (box.busy) { box.again = true; return; }
    box.busy = true;
    box.sending = box.field.value;
    const values = { text: box.sending, once: once(box), draft: box.draft.value };
    window.htmx.ajax("POST", place.dataset.url + box.kind, { source: box.source, values, swap: "none" });
  };
  const saved = (box, well) => {
    box.busy = false;
    if (well && box.field.value === box.sending) box.dirty = false;
    if (box.note) {
      box.note.textContent = !well ? "草稿还没存上，会再试" : box.dirty ? "正在存草稿…" : box.field.value ? "草稿已存" : "";
      box.note.classList.toggle("soon", !well);
    }
    if (well && !box.dirty) keepMark(box);
    if (box.again || !well) {
      box.again = false;
      box.timer = setTimeout(() => save(box), well ? 0 : AGAIN);
    }
  };
  // The copy in this tab counts only while the server has not got it.
  const localKey = (form) => `draft:${document.body.dataset.person}:${form.dataset.draft}`;
  const local = (form) => JSON.parse(sessionStorage.getItem(localKey(form)) || "null");
  const keepMark = (box) => {
    const stored = local(box.field.form);
    if (stored) sessionStorage.setItem(localKey(box.field.form), JSON.stringify({ ...stored, saved: true }));
  };

  const typed = (box) => {
    box.dirty = true;
    if (box.note) box.note.textContent = box.field.value ? "正在存草稿…" : "";
    const now = performance.now();
    if (now - box.last > EVERY) { box.last = now; save(box); return; }
    clearTimeout(box.timer);
    box.timer = setTimeout(() => { box.last = performance.now(); save(box); }, PAUSE);
  };

  const addBox = (field) => {
    const kind = kindOf(field);
    if (!deeds.includes(kind.split(".")[0]) || field.readOnly) return;
    const form = field.form;
    if (!form.querySelector('input[name="once"]')) hidden(form, "once", crypto.randomUUID());
    const source = document.createElement("i");
    place.append(source);
    const box = { field, kind, source, draft: hidden(form, "draft", ""), note: form.querySelector("[data-kept-note]"), last: -EVERY, timer: 0, busy: false, again: false, dirty: false };
    boxes.push(box);
    source.addEventListener("htmx:afterRequest", (event) => saved(box, event.detail.successful));
    const kept = place.querySelector(`template[data-kind="${CSS.escape(kind)}"]`);
    const text = kept ? kept.content.textContent : "";
    if (!field.value || local(form)?.saved) {
      field.value = text;
      field.dispatchEvent(new Event("refilled", { bubbles: true }));
    }
    if (kept) box.draft.value = kept.dataset.draft;
    if (field.value !== text) return typed(box);
    if (!kept) return;
    const closed = field.closest("details:not([open])");
    if (closed) closed.open = true;
    if (box.note) box.note.textContent = `接着 ${kept.dataset.at} 没发的草稿写`;
  };

  // After console.js has put back what only this tab has.
  window.addEventListener("load", () => {
    document.querySelectorAll("main form textarea").forEach(addBox);
  });
  document.addEventListener("input", (event) => {
    const box = boxOf(event.target);
    if (box) typed(box);
  });
  document.addEventListener("sent", (event) => {
    boxes.filter((box) => box.field.form === event.target.closest("form")).forEach((box) => {
      clearTimeout(box.timer);
      Object.assign(box, { timer: 0, again: false, dirty: false });
      box.draft.value = "";
      if (box.note) box.note.textContent = "";
    });
  });
  document.addEventListener("click", (event) => {
    const edit = event.target.closest("[data-edit]");
    if (edit) document.getElementById(edit.dataset.edit).focus();
  });

  const beacon = (url, values) => {
    const data = new FormData();
    Object.entries({ csrf_token: token(), ...values }).forEach(([name, value]) => data.append(name, value));
    navigator.sendBeacon(url, data);
  };
  const flush = () => boxes.filter((box) => box.dirty).forEach((box) => {
    beacon(place.dataset.url + box.kind, { text: box.field.value, once: once(box), draft: box.draft.value });
  });
  const beat = () => { if (!document.hidden) here.dispatchEvent(new Event("here")); };
  setInterval(beat, BEAT);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) { flush(); beacon(here.dataset.left, {}); } else beat();
  });
  window.addEventListener("pagehide", () => { flush(); beacon(here.dataset.left, {}); });
  document.addEventListener("recovered", () => boxes.filter((box) => box.dirty).forEach(save));
})();
