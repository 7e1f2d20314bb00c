// A text as WeChat shows it: links, choices and phone numbers can be tapped, the rest is text.

import { el } from "./dom.js";

const LINK = /<a\s+href="([^"]*)"[^>]*>([^<]*)<\/a>/gi;
const TAPPABLE = new RegExp([
  "(https?:\\/\\/[\\w\\-.~:/?#@!$&'()*+,;=%]+[\\w/#=&])",
  "(?<![\\d-])(1[3-9]\\d{9}|0\\d{2,3}-?\\d{7,8}|400-?\\d{3}-?\\d{4}|12\\d{3}|12110|110|119|120|122)(?![\\d-])",
].join("|"), "g");

/** Return the nodes of *text*; *tap* is called with the content and id of a choice. */
export function rich(text, tap) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(LINK)) {
    nodes.push(...plain(text.slice(from, found.index)));
    nodes.push(link(found[1], found[2], tap) ?? found[0]);
    from = found.index + found[0].length;
  }
  nodes.push(...plain(text.slice(from)));
  return nodes;
}

function link(address, label, tap) {
  let url;
  try {
    url = new URL(address.replaceAll("&amp;", "&"));
  } catch {
    return null;
  }
  if (url.protocol === "weixin:" && url.href.startsWith("weixin://bizmsgmenu")) {
    const asked = url.searchParams;
    const content = asked.get("msgmenucontent") ?? label;
    const id = asked.get("msgmenuid") ?? "0";
    return el("button", { type: "button", class: "choice inline", onclick: () => tap(content, id) }, label);
  }
  return ["http:", "https:", "tel:"].includes(url.protocol) ? outside(url.href, label) : null;
}

function outside(href, label) {
  return el("a", { href, target: "_blank", rel: "noopener noreferrer" }, label);
}

function plain(text) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(TAPPABLE)) {
    nodes.push(text.slice(from, found.index));
    nodes.push(found[1] ? outside(found[1], found[1]) : el("a", { href: `tel:${found[2]}` }, found[2]));
    from = found.index + found[0].length;
  }
  nodes.push(text.slice(from));
  return nodes.filter((node) => node !== "");
}
