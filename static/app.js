// Shortens what works without it: menus close, the error summary takes the focus, rows are picked in bulk, seats
// are counted while they are given, a fold that is led to opens.
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

// A form with [data-seats] says how many people or subscriptions are chosen, and what is free.
function countSeats(form) {
  const left = form.querySelector("[data-left]");
  const picked = form.querySelectorAll(".tick input:checked").length;
  const typed = form.querySelector("textarea[name=members]")?.value.split(/[\s,;]+/).filter(Boolean).length ?? 0;
  const option = form.querySelector("select[name=subscription] option:checked");
  if (!option) return void (left.textContent = picked === 1 ? "1 seat" : `${picked} seats`);
  const people = picked + typed === 1 ? "1 person" : `${picked + typed} people`;
  const free = option.dataset.free;
  left.textContent = free === undefined ? people : `${people}, ${free} free ${free === "1" ? "seat" : "seats"}`;
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-seats]");
  if (form) countSeats(form);
});

function start(part) {
  part.querySelector(".problem")?.focus();
  for (const form of part.querySelectorAll("[data-bulk]")) countPicked(form);
  for (const form of part.querySelectorAll("[data-seats]")) countSeats(form);
}

// A link to a fold opens it.
function openFold() {
  const fold = document.getElementById(location.hash.slice(1));
  if (fold instanceof HTMLDetailsElement) fold.open = true;
}

window.addEventListener("hashchange", openFold);
openFold();
start(document);
document.addEventListener("htmx:load", (event) => start(event.detail.elt.parentElement ?? document));
