// Small tools for building the page; text always goes in as text, never as HTML.

const SVG = "http://www.w3.org/2000/svg";

/** Make an element: el("p", {class: "x", onclick: f}, "text", child, …). */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** Make an icon of the sprite. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

/** Make a resident's avatar. */
export function avatar(resident) {
  const name = resident?.name ?? "?";
  const sign = /^[小阿老]./.test(name) ? name[1] : name[0];
  return el("span", { class: `avatar c${resident?.colour ?? 1}`, "aria-hidden": "true" }, sign);
}

/** Show a line at the bottom for a moment. */
export function toast(text) {
  const box = document.getElementById("toast");
  box.textContent = text;
  box.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { box.hidden = true; }, 3500);
}

/** Open a dialog of the page; resolve with its form's fields, or null. */
export function ask(id) {
  const dialog = document.getElementById(id);
  return new Promise((resolve) => {
    dialog.returnValue = "";
    dialog.addEventListener("close", () => {
      const fields = Object.fromEntries(new FormData(dialog.querySelector("form")));
      resolve(dialog.returnValue ? { ...fields, answer: dialog.returnValue } : null);
    }, { once: true });
    dialog.showModal();
  });
}
