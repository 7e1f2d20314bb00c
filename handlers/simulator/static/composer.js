// The foot of a phone: typing, speaking, and the drawer behind the plus.

import { ask, el } from "./dom.js";
import { fillAlbum } from "./photos.js";
import { act, post } from "./store.js";

const FACES = [..."😊😂🙏👍👌😢😭😡😓🤔😴🤒🌹🍵🏠🌾"];

/** Bring the foot of a phone to life; *openid* returns whose phone it is now. */
export function composer(foot, openid) {
  const form = foot.querySelector(".composer");
  const input = form.querySelector("textarea");
  const send = (text) => act(openid(), "text", { text });
  const part = { foot, form, input, openid };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(part, send);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit(part, send);
  });
  input.addEventListener("input", () => fit(part));
  form.querySelector(".voice").addEventListener("click", () => toggleVoice(part));
  form.querySelector(".hold").addEventListener("click", () => speak(openid()));
  drawers(part);
  return { focus: () => input.focus() };
}

function submit(part, send) {
  const text = part.input.value.trim();
  if (!text) return;
  part.input.value = "";
  fit(part);
  send(text);
}

function fit({ form, input }) {
  const typed = input.value.trim() !== "";
  form.querySelector(".send").hidden = !typed;
  form.querySelector(".plus").hidden = typed;
  input.rows = Math.min(5, input.value.split("\n").length + Math.floor(input.value.length / 15));
  input.style.height = "auto";
  input.style.height = `${Math.max(40, Math.min(118, input.scrollHeight))}px`;
}

function toggleVoice({ form, input }) {
  const hold = form.querySelector(".hold");
  hold.hidden = !hold.hidden;
  input.hidden = !hold.hidden;
  const button = form.querySelector(".voice");
  button.querySelector("use").setAttribute("href", hold.hidden ? "#i-voice" : "#i-keyboard");
  button.setAttribute("aria-label", hold.hidden ? "切换到语音" : "切换到键盘");
  if (hold.hidden) input.focus();
}

async function speak(openid) {
  const said = await ask("voice");
  if (!said) return;
  const text = said.silent ? null : said.text.trim() || null;
  act(openid, "voice", { text, seconds: Number(said.seconds) || 3 });
}

function drawers(part) {
  const { foot, form, input } = part;
  const faces = foot.querySelector(".faces");
  const tools = foot.querySelector(".tools");
  faces.append(...FACES.map((face) => el("button", { type: "button", "aria-label": face, onclick: () => {
    input.value += face;
    fit(part);
  } }, face)));
  const open = (shown, other, button) => {
    shown.hidden = !shown.hidden;
    other.hidden = true;
    for (const each of form.querySelectorAll("[aria-expanded]")) each.setAttribute("aria-expanded", "false");
    button.setAttribute("aria-expanded", String(!shown.hidden));
  };
  form.querySelector(".face").addEventListener("click", (event) => open(faces, tools, event.currentTarget));
  form.querySelector(".plus").addEventListener("click", (event) => open(tools, faces, event.currentTarget));
  tools.addEventListener("click", (event) => {
    const tool = event.target.closest("[data-tool]")?.dataset.tool;
    if (tool) TOOLS[tool](part.openid());
  });
}

const TOOLS = {
  photo: (openid) => pickPhoto(openid),
  camera: (openid) => takePhoto(openid),
  video: (openid) => act(openid, "video"),
  file: (openid) => act(openid, "file", { title: "工资表.xlsx" }),
  place: async (openid) => {
    const picked = await ask("place");
    if (!picked) return;
    const [latitude, longitude, label] = picked.place.split(",");
    act(openid, "location", { latitude: Number(latitude), longitude: Number(longitude), label });
  },
  link: async (openid) => {
    const shared = await ask("link");
    if (shared) act(openid, "link", { title: shared.title, description: shared.description, url: shared.url });
  },
};

function pickPhoto(openid) {
  const dialog = document.getElementById("photo");
  const file = dialog.querySelector("input[type=file]");
  const send = (blob) => {
    dialog.close();
    if (blob) post(`residents/${openid}/image?wait=0`, blob);
  };
  fillAlbum(dialog.querySelector(".album"), send);
  file.value = "";
  file.onchange = () => send(file.files[0]);
  dialog.showModal();
}

function takePhoto(openid) {
  const file = el("input", { type: "file", accept: "image/*", capture: "environment" });
  file.addEventListener("change", () => file.files[0] && post(`residents/${openid}/image?wait=0`, file.files[0]));
  file.click();
}
