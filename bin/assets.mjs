#!/usr/bin/env node
// Builds the files of static/ that come from npm packages: tabler.css, icons.svg, htmx.min.js.
//   node bin/assets.mjs           writes them
//   node bin/assets.mjs --check   writes nothing, fails when a rebuild gives other bytes
// The packages are pinned in tests/browser/package.json (`npm ci` there first). tokens.css, components.css, app.js and
// the marks are written by hand and never touched here.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const packages = join(root, "tests/browser/node_modules");
const { PurgeCSS } = createRequire(join(root, "tests/browser/"))("purgecss");

/** Every icon the pages may use: add a name of tabler.io/icons here, then `{{ ui::icon("name") }}`. */
const icons = [
  "alert-circle", "alert-triangle", "archive", "armchair", "arrow-right", "ban", "bell", "building-store", "calendar-due",
  "calendar-event", "calendar-plus", "cash", "certificate", "chart-bar", "check", "chevron-down", "chevron-left", "chevron-right",
  "chevron-up", "circle-check", "circle-dashed", "clock", "code", "copy", "credit-card", "currency-euro", "device-laptop", "dots",
  "download", "edit", "external-link", "eye", "file-import", "filter", "help", "history", "info-circle", "key", "keyboard", "layout-dashboard",
  "lifebuoy", "link", "lock", "logout", "mail", "mail-plus", "menu-2", "message-plus", "plus", "printer", "refresh", "rss", "search",
  "selector", "send", "settings", "share", "shield-check", "stack-2", "switch-horizontal", "tags", "trash", "upload", "user",
  "user-minus", "user-plus", "users", "webhook", "x",
];

/** Kept although no template may use it today, so that a new page seldom changes tabler.css. */
const safelist = {
  standard: [
    /^[mp][tbsexy]?-[0-5]$/, /^[mp][tbsexy]?-auto$/, /^gap-[0-5]$/, /^form-(control|select|label|check)/, /^btn(-primary|-danger|-lg|-sm|-link)?$/,
    "w-100", "text-end", "text-nowrap", "text-break", "visually-hidden", "is-invalid", "disabled", "active",
    ..."a abbr b body button caption code dd del details dl dt em fieldset figure h1 h2 h3 hr html img input ins kbd label legend li ol".split(" "),
    ..."optgroup option p pre progress s samp select small strong summary svg table tbody td textarea tfoot th thead tr ul".split(" "),
    "type", "disabled", "readonly", "href", "class", "hidden", "text", "email", "password", "number", "date", "search", "checkbox", "radio", "file", "submit",
  ],
};

const built = {
  "tabler.css": await tabler(),
  "icons.svg": sprite(),
  "htmx.min.js": read("htmx.org/dist/htmx.min.js"),
};

const missing = iconsOfTemplates().filter((name) => !icons.includes(name));
if (missing.length > 0) fail(`Not in the list of icons: ${missing.join(", ")}. Add them in bin/assets.mjs.`);

if (process.argv.includes("--check")) check();
else write();

/** Tabler, purged to what the templates use. Only class attributes and tags count, not words of the text. */
async function tabler() {
  const ours = ["tokens.css", "components.css"].map((name) => readFileSync(join(root, "static", name), "utf8")).join("\n");
  const [result] = await new PurgeCSS().purge({
    content: [{ raw: templates().join("\n"), extension: "html" }],
    css: [{ raw: read("@tabler/core/dist/css/tabler.min.css") }],
    extractors: [{ extensions: ["html"], extractor: names }],
    safelist: { ...safelist, variables: [...new Set(ours.match(/--tblr-[\w-]+/g))] },
    variables: true,
    keyframes: true,
    fontFace: true,
  });
  const rules = result.css.replace(/\/\*[\s\S]*?\*\//g, "").replace(/@charset[^;]*;/, "").replaceAll("}", "}\n").trim();
  return `/*! ${named("@tabler/core")} | MIT | https://tabler.io | purged by bin/assets.mjs */\n${rules}\n`;
}

/** What in a template may be matched by a selector: tags, and the words of class attributes. */
function names(html) {
  const tags = [...html.matchAll(/<([a-z][\w-]*)/g)].map((match) => match[1]);
  const classes = [...html.matchAll(/class="([^"]*(?:"[^"]*"[^"]*)*?)"/g)].flatMap((match) => match[1].match(/[\w-]+/g) ?? []);
  return [...tags, ...classes];
}

/** One <symbol> for each icon, drawn by `<use href="/static/icons.svg#i-name">`. */
function sprite() {
  const symbols = icons.map((name) => {
    const paths = read(`@tabler/icons/icons/outline/${name}.svg`).match(/<path [^>]*>/g).filter((path) => !path.includes('stroke="none"'));
    return `<symbol id="i-${name}" viewBox="0 0 24 24">${paths.join("").replace(/\s*\/>/g, "/>")}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">\n<!-- ${named("@tabler/icons")} | MIT -->\n${symbols.join("\n")}\n</svg>\n`;
}

function iconsOfTemplates() {
  return [...new Set(templates().flatMap((html) => [...html.matchAll(/\bicon\("([\w-]+)"/g)].map((match) => match[1])))];
}

function templates() {
  return readdirSync(join(root, "templates"), { recursive: true })
    .filter((name) => name.endsWith(".html"))
    .sort()
    .map((name) => readFileSync(join(root, "templates", name), "utf8"));
}

function write() {
  for (const [name, text] of Object.entries(built)) {
    writeFileSync(join(root, "static", name), text);
    console.log(`static/${name}: ${Buffer.byteLength(text)} bytes`);
  }
}

function check() {
  const stale = Object.entries(built).flatMap(([name, text]) => difference(name, text));
  if (stale.length > 0) fail(`${stale.join("\n")}\nRun \`node bin/assets.mjs\` and commit what it writes.`);
  console.log("static/ is what bin/assets.mjs builds.");
}

function difference(name, text) {
  let now = "";
  try {
    now = readFileSync(join(root, "static", name), "utf8");
  } catch {
    return [`static/${name} is missing`];
  }
  if (now === text) return [];
  const [old, fresh] = [new Set(now.split("\n")), new Set(text.split("\n"))];
  const added = [...fresh].filter((line) => !old.has(line));
  const gone = [...old].filter((line) => !fresh.has(line));
  const some = [...added.slice(0, 5).map((line) => `  + ${line.slice(0, 110)}`), ...gone.slice(0, 5).map((line) => `  - ${line.slice(0, 110)}`)];
  return [`static/${name}: ${added.length} lines to add, ${gone.length} to drop`, ...some];
}

function named(name) {
  return `${name} ${JSON.parse(read(`${name}/package.json`)).version}`;
}

function read(path) {
  try {
    return readFileSync(join(packages, path), "utf8");
  } catch {
    return fail(`${path} is not installed. Run \`npm ci\` in tests/browser.`);
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
