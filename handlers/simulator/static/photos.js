// Sample photos, drawn here so that none has to be shipped.

import { el } from "./dom.js";

const WIDTH = 360;
const HEIGHT = 480;
const FONT = '"PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif';
const PICTURES = [
  ["欠条", iou, "手写的欠条"], ["工地门牌", gate, "工地门口的牌子"], ["缴费单", bill, "医院的缴费单"],
];

/** Fill the album; *chosen* gets the picture as a PNG. */
export function fillAlbum(album, chosen) {
  album.replaceChildren(...PICTURES.map(([name, draw, alt]) => {
    const canvas = el("canvas", { width: WIDTH, height: HEIGHT, role: "img", "aria-label": alt });
    draw(canvas.getContext("2d"));
    const send = () => canvas.toBlob(chosen, "image/png");
    return el("button", { type: "button", onclick: send }, canvas, el("span", {}, name));
  }));
}

function paper(pen, desk, sheet) {
  pen.fillStyle = desk;
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  pen.translate(WIDTH / 2, HEIGHT / 2);
  pen.rotate(-0.04);
  pen.fillStyle = sheet;
  pen.shadowColor = "#0006";
  pen.shadowBlur = 18;
  pen.fillRect(-150, -200, 300, 400);
  pen.shadowBlur = 0;
}

function write(pen, lines, { size, left, top, gap, colour = "#222" }) {
  pen.fillStyle = colour;
  pen.font = `${size}px ${FONT}`;
  lines.forEach((line, row) => pen.fillText(line, left, top + row * gap));
}

function iou(pen) {
  paper(pen, "#8a6f52", "#fbf6e6");
  write(pen, ["欠  条"], { size: 34, left: -46, top: -140, gap: 0 });
  const lines = ["今欠李某等八人", "三至五月工钱共", "壹拾贰万元整", "（120000元）", "五月底前付清"];
  write(pen, lines, { size: 26, left: -122, top: -76, gap: 42 });
  write(pen, ["欠款人：张某", "2026年5月2日"], { size: 22, left: -30, top: 146, gap: 32 });
}

function gate(pen) {
  pen.fillStyle = "#a9c7de";
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  pen.fillStyle = "#b9a88a";
  pen.fillRect(0, 380, WIDTH, 100);
  pen.fillStyle = "#1f4f8f";
  pen.fillRect(30, 90, 300, 260);
  write(pen, ["施工告知牌"], { size: 34, left: 92, top: 146, gap: 0, colour: "#fff" });
  const lines = ["工程：滇池家园三期", "总包：某某建设集团", "劳资专管员：王工", "电话：见项目部"];
  write(pen, lines, { size: 23, left: 56, top: 200, gap: 40, colour: "#fff" });
}

function bill(pen) {
  paper(pen, "#6f7780", "#ffffff");
  write(pen, ["门诊收费票据"], { size: 28, left: -86, top: -150, gap: 0 });
  const lines = ["姓名：杨某某", "科别：骨科", "检查费   260.00", "西药费   318.50", "合计     578.50", "医保支付   0.00"];
  write(pen, lines, { size: 22, left: -124, top: -96, gap: 42 });
}
