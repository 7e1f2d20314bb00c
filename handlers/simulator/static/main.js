// Puts phones on the desk and starts everything.

import { startPanel, updatePanel } from "./panel.js";
import { Phone } from "./phone.js";
import { listen, post, start, state } from "./store.js";
import { startTour } from "./tour.js";

const desk = document.getElementById("phones");
const panel = document.getElementById("panel");
const narrow = window.matchMedia("(max-width: 700px)");
const ROOM = 372;
const MOST = 3;
const phones = [];
let active = null;

function choose(phone) {
  if (active === phone) return;
  active = phone;
  for (const each of phones) each.node.classList.toggle("active", each === phone);
  updatePanel();
}

function arrange() {
  const room = narrow.matches ? 1 : Math.floor((desk.clientWidth - 12) / ROOM);
  const wanted = Math.max(1, Math.min(MOST, room, state.residents.size));
  while (phones.length > wanted) phones.pop().node.remove();
  while (phones.length < wanted) {
    const phone = new Phone(nextResident(), { chosen: choose });
    phones.push(phone);
    desk.append(phone.node);
    phone.toEnd();
  }
  if (!phones.includes(active)) choose(phones[0]);
}

function nextResident() {
  const shown = new Set(phones.map((phone) => phone.openid));
  return [...state.residents.keys()].find((openid) => !shown.has(openid)) ?? [...state.residents.keys()][0];
}

function togglePanel() {
  panel.hidden = !panel.hidden;
  document.querySelector('.bar [data-do="panel"]').setAttribute("aria-expanded", String(!panel.hidden));
  if (!narrow.matches) localStorage.setItem("panel", panel.hidden ? "hidden" : "shown");
  arrange();
}

async function newResident() {
  const resident = await post("residents", { followed: false });
  const phone = phones.at(-1);
  phone.show(resident.openid);
  choose(phone);
}

function tour() {
  if (panel.hidden && !narrow.matches) togglePanel();
  const first = [...state.residents.keys()][0];
  if (phones[0].openid !== first) phones[0].show(first);
  choose(phones[0]);
  startTour(phones[0]);
}

const DO = { panel: togglePanel, new: newResident, tour };
document.addEventListener("click", (event) => DO[event.target.closest("[data-do]")?.dataset.do]?.());
window.addEventListener("resize", arrange);
narrow.addEventListener("change", () => { if (narrow.matches) panel.hidden = true; });

if (narrow.matches || localStorage.getItem("panel") === "hidden") togglePanel();
startPanel(() => active?.openid);
listen(() => {
  for (const phone of phones) if (!state.residents.has(phone.openid)) phone.show(nextResident());
  arrange();
  for (const phone of phones) phone.update();
});
start();
