// Single keys lead where links lead, and only there: they press links of the page. Whoever turned them off in their
// profile gets neither this file nor the list of them.
"use strict";

const list = document.getElementById("keys");
const findBox = () => [...document.querySelectorAll("main input[type=search]")].find((box) => box.checkVisibility());
const newLink = () => document.querySelector("[data-new]");
const isTyping = (part) => part.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

/** How long after `g` the next key still says where to go, in milliseconds. */
const patience = 1500;
let goesUntil = 0;

/** Lists what the keys do on this page. */
function openList() {
  const link = newLink();
  list.querySelector("[data-row=find]").hidden = !findBox();
  list.querySelector("[data-row=new]").hidden = !link;
  if (link) list.querySelector("[data-row=new] dt").textContent = link.textContent;
  list.showModal();
  return true;
}

function close() {
  list.close();
  return true;
}

/** Does what the key says, and says whether it said something. */
function press(event) {
  const isGoing = event.timeStamp < goesUntil;
  goesUntil = 0;
  if (event.key === "?") return list.open ? close() : openList();
  if (list.open) return false;
  if (isGoing) return click(document.querySelector(`[data-go="${CSS.escape(event.key)}"]`));
  if (event.key === "n") return click(newLink());
  if (event.key === "/") return select(findBox());
  if (event.key === "g") goesUntil = event.timeStamp + patience;
  return event.key === "g";
}

function click(link) {
  link?.click();
  return Boolean(link);
}

function select(box) {
  box?.focus();
  box?.select();
  return Boolean(box);
}

document.addEventListener("keydown", (event) => {
  const isForTheBrowser = event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat;
  if (isForTheBrowser || event.defaultPrevented || isTyping(event.target) || event.key === "Shift") return;
  if (press(event)) event.preventDefault();
});

list.addEventListener("click", (event) => {
  if (event.target === list || event.target.closest("[data-close]")) close();
});

for (const button of document.querySelectorAll("[data-keys]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const menu = button.closest("details");
    menu.open = false;
    menu.querySelector("summary").focus();
    openList();
  });
}
