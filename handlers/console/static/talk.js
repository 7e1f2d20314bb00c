// The composer: what is inserted, what is enclosed, and “对方正在输入” on the resident's phone.
"use strict";

(() => {
  const form = document.getElementById("reply-form");
  if (!form) return;
  const text = document.getElementById("text");
  const inserted = document.getElementById("inserted");
  const file = document.getElementById("enclose");
  const part = (id) => document.getElementById(id);
  const changed = () => text.dispatchEvent(new Event("input", { bubbles: true }));

  // One tap puts words where the cursor is, on lines of their own; nothing is sent.
  const insert = (words, mark) => {
    const before = text.value.slice(0, text.selectionStart);
    const after = text.value.slice(text.selectionEnd);
    const gap = before && !before.endsWith("\n") ? "\n" : "";
    const rest = after && !after.startsWith("\n") ? "\n" : "";
    text.value = before + gap + words + rest + after;
    const end = before.length + gap.length + words.length;
    if (mark) inserted.value = [inserted.value, mark].filter(Boolean).join(",");
    part("picker").open = false;
    text.focus();
    text.setSelectionRange(end, end);
    changed();
    showGrounds();
  };
  const showGrounds = () => {
    const count = new Set(inserted.value.split(",").filter((mark) => mark.startsWith("a"))).size;
    const note = part("grounds-note");
    note.hidden = !count;
    note.querySelector("span").textContent = `会附上 ${count} 条政策依据；把出处那一行删掉就不附`;
  };
  document.addEventListener("click", (event) => {
    const pick = event.target.closest("[data-insert]");
    if (pick) {
      event.preventDefault();
      event.stopPropagation();
      insert(pick.dataset.insert, pick.dataset.mark);
      return;
    }
    const picker = part("picker");
    if (picker.open && !picker.contains(event.target)) picker.open = false;
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !part("picker").open) return;
    part("picker").open = false;
    text.focus();
  });
  part("picker").addEventListener("toggle", () => {
    if (part("picker").open && matchMedia("(pointer: fine)").matches) part("find").focus();
  });

  const showFile = () => {
    const chosen = file.files[0];
    part("enclosed").hidden = !chosen;
    if (chosen) part("enclosed").querySelector("span").textContent = `${chosen.name}（${Math.max(1, Math.round(chosen.size / 1024))} KB）`;
    part("file-problem").hidden = true;
  };
  const dropFile = () => { file.value = ""; showFile(); };
  file.addEventListener("change", showFile);
  part("enclosed-drop").addEventListener("click", dropFile);

  document.addEventListener("sent", (event) => {
    if (event.target.closest("form") !== form) return;
    inserted.value = "";
    dropFile();
    showGrounds();
  });

  // Said at most every five seconds while somebody really types.
  let told = 0;
  text.addEventListener("input", (event) => {
    if (!event.isTrusted || document.hidden || Date.now() - told < 5000) return;
    told = Date.now();
    const token = document.querySelector('meta[name="csrf-token"]').content;
    fetch(form.dataset.typing, { method: "POST", headers: { "X-CSRFToken": token, "HX-Request": "true" }, redirect: "error" }).catch(() => {});
  });

  // A draft is put back by then, with what was inserted into it.
  document.addEventListener("DOMContentLoaded", showGrounds);
  showFile();
})();
