// What every page of the console does: form tokens, drafts, lengths, keys, notices.
"use strict";

(() => {
  const token = () => document.querySelector('meta[name="csrf-token"]');
  const each = (selector, act, root = document) => root.querySelectorAll(selector).forEach(act);

  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = token().content;
  });

  // Somebody logged in again beside this page: take over the new token and go on.
  const recover = async () => {
    const lost = document.querySelector("[data-lost]");
    if (!lost || document.hidden) return;
    const answer = await fetch(lost.dataset.lost, { headers: { Accept: "application/json" }, redirect: "error" }).catch(() => null);
    if (!answer || !answer.ok) return;
    const fresh = (await answer.json()).csrf_token;
    token().content = fresh;
    each('input[name="csrf_token"]', (input) => { input.value = fresh; });
    lost.remove();
    document.dispatchEvent(new Event("recovered"));
  };
  document.addEventListener("visibilitychange", recover);
  window.addEventListener("focus", recover);

  // A draft lives in this tab only, so that nothing stays behind on a shared computer.
  const draftKey = (form) => `draft:${document.body.dataset.person}:${form.dataset.draft}`;
  const fields = (form) => [...form.elements].filter((field) => /^(text|textarea|search|date)$/.test(field.type) && field.name);
  const keep = (form) => {
    const values = fields(form).map((field) => [field.name, field.value]);
    sessionStorage.setItem(draftKey(form), JSON.stringify({ at: form.dataset.version || "", values }));
  };
  const addRow = (rows) => {
    const row = rows.lastElementChild.cloneNode(true);
    each("input", (input) => { input.value = ""; }, row);
    rows.append(row);
    return row;
  };
  const restore = (form) => {
    const stored = JSON.parse(sessionStorage.getItem(draftKey(form)) || "null");
    if (!stored || stored.at !== (form.dataset.version || "")) return;
    each("[data-more]", (button) => {
      const rows = document.getElementById(button.dataset.more);
      const name = rows.querySelector("input").name;
      const wanted = stored.values.filter((pair) => pair[0] === name).length;
      while (rows.children.length < wanted) addRow(rows);
    }, form);
    const now = fields(form);
    const before = JSON.stringify(now.map((field) => field.value));
    stored.values.forEach(([name, value]) => {
      const place = now.findIndex((field) => field.name === name);
      if (place >= 0) now.splice(place, 1)[0].value = value;
    });
    const changed = JSON.stringify(fields(form).map((field) => field.value)) !== before;
    if (changed) form.querySelector("[data-draft-note]")?.removeAttribute("hidden");
  };
  const forget = (prefix) => Object.keys(sessionStorage).filter((key) => key.startsWith(prefix)).forEach((key) => sessionStorage.removeItem(key));

  const count = (field) => {
    const place = document.getElementById(field.dataset.count);
    const length = [...field.value.trim()].length;
    const most = Number(field.dataset.most);
    place.textContent = length > most ? `${length} 字，多了 ${length - most} 字` : `${length} / ${most} 字`;
    place.classList.toggle("over", length > most);
  };

  const prepare = (root) => {
    each("form[data-draft]", restore, root);
    each("[data-count]", count, root);
  };

  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-count]")) count(event.target);
    const form = event.target.closest("form[data-draft]");
    if (form) keep(form);
  });
  document.addEventListener("refilled", (event) => { if (event.target.matches("[data-count]")) count(event.target); });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-forget-drafts]")) forget("draft:");
    const question = event.submitter?.dataset.ask || event.target.dataset.ask;
    if (question && !window.confirm(question)) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const more = event.target.closest("[data-more]");
    if (more) {
      event.preventDefault();
      addRow(document.getElementById(more.dataset.more)).querySelector("input").focus();
    }
    const drop = event.target.closest("[data-drop-draft]");
    if (drop) {
      sessionStorage.removeItem(draftKey(drop.closest("form")));
      window.location.reload();
    }
    const copy = event.target.closest("[data-copy]");
    if (copy) navigator.clipboard?.writeText(document.getElementById(copy.dataset.copy).textContent.trim()).then(() => { copy.textContent = "已复制"; });
  });

  // Single keys; pages mark what a key does with data-key, rows to walk with data-row.
  const walk = (step) => {
    const rows = [...document.querySelectorAll("[data-row]")];
    const focused = rows.indexOf(document.activeElement.closest?.("[data-row]"));
    const at = focused < 0 ? rows.findIndex((row) => row.ariaCurrent) : focused;
    rows[Math.min(Math.max(at + step, 0), rows.length - 1)]?.focus();
  };
  const help = () => {
    const dialog = document.getElementById("keys-help");
    if (!dialog) window.location.assign("/help");
    else if (dialog.open) dialog.close();
    else dialog.showModal();
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || localStorage.getItem("keys") === "off") return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (event.key === "j" || event.key === "k") return walk(event.key === "j" ? 1 : -1);
    if (event.key === "?") return help();
    const place = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!place) return;
    event.preventDefault();
    if (place.matches("input, textarea, select")) place.focus(); else place.click();
  });
  const keysSwitch = document.querySelector("[data-keys-switch]");
  if (keysSwitch) {
    keysSwitch.checked = localStorage.getItem("keys") === "off";
    keysSwitch.addEventListener("change", () => localStorage.setItem("keys", keysSwitch.checked ? "off" : "on"));
  }

  // Unread messages in the title: a page says how many, an answer of htmx may say so again.
  const title = document.title;
  const unread = (number) => { document.title = Number(number) > 0 ? `(${number}) ${title}` : title; };
  document.addEventListener("unread", (event) => unread(event.detail.value));
  unread(document.querySelector('meta[name="unread"]').content);

  // Good news goes by itself; bad news stays until the next.
  const fade = () => each(".notice:not(.bad)", (notice) => setTimeout(() => notice.remove(), 8000));
  document.addEventListener("htmx:load", (event) => { prepare(event.target); fade(); });
  document.addEventListener("DOMContentLoaded", () => { prepare(document); fade(); });
  each("[data-saved]", (note) => sessionStorage.removeItem(`draft:${document.body.dataset.person}:${note.dataset.saved}`));
})();
