// Shortens what works without it: menus close, the error summary takes the focus, rows are picked in bulk.
"use strict";

const openMenus = () => document.querySelectorAll("details.pop[open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
  }
});

// A form with [data-bulk] holds `.bulk` with a [data-count], rows with `.tick` boxes, and one box [data-all].
function countPicked(form) {
  const boxes = [...form.querySelectorAll(".tick input:not([data-all])")];
  const picked = boxes.filter((box) => box.checked).length;
  const all = form.querySelector("[data-all]");
  form.querySelector(".bulk").hidden = picked === 0;
  form.querySelector("[data-count]").textContent = `${picked} selected`;
  if (all) {
    all.checked = picked > 0 && picked === boxes.length;
    all.indeterminate = picked > 0 && picked < boxes.length;
  }
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-bulk]");
  if (!form || !event.target.closest(".tick")) return;
  if (event.target.matches("[data-all]")) {
    for (const box of form.querySelectorAll(".tick input")) box.checked = event.target.checked;
  }
  countPicked(form);
});

function start(part) {
  part.querySelector(".problem")?.focus();
  for (const form of part.querySelectorAll("[data-bulk]")) countPicked(form);
}

start(document);
document.addEventListener("htmx:load", (event) => start(event.detail.elt.parentElement ?? document));
