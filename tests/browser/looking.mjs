// What every page has to keep: found by following links, then looked at in the browser.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const icons = readFileSync(new URL("../../static/icons.svg", import.meta.url), "utf8");
const widths = [320, 390, 768, 1280];

/** More pages than this means that links make ever new links. */
const most = 600;

/** Opens every page of ours that can be reached from `starts`, and says what does not answer 200. */
export async function follow(context, starts) {
  const found = new Map(starts.map((path) => [path, "the start"]));
  const wrong = [];
  for (const [path, from] of found) {
    const answer = await context.request.get(path, { maxRedirects: 0 });
    const said = `${path}, linked from ${from}`;
    if (answer.status() !== 200) wrong.push(`${said}, answers ${answer.status()}`);
    if (!(answer.headers()["content-type"] ?? "").startsWith("text/html")) continue;
    const html = await answer.text();
    for (const icon of html.matchAll(/icons\.svg#(i-[\w-]+)/g)) {
      if (!icons.includes(`id="${icon[1]}"`)) wrong.push(`${path} shows ${icon[1]}, which the sprite has not`);
    }
    for (const { next, part } of links(html, path)) {
      if (part && next === path && !html.includes(`id="${part}"`)) wrong.push(`${path} links to #${part}, which it has not`);
      if (!found.has(next)) found.set(next, path);
    }
    assert.ok(found.size < most, `the links do not end: ${[...found.keys()].slice(-5).join(" ")}`);
  }
  return { paths: [...found.keys()], wrong };
}

function links(html, path) {
  const written = [...html.matchAll(/<(?:a|link|script|img|iframe)\b[^>]*?\s(?:href|src)="([^"]*)"/g)].map((match) => match[1]);
  const ours = "http://here";
  return written
    .map((address) => new URL(address.replaceAll("&amp;", "&").replaceAll("&#38;", "&"), ours + path))
    .filter((address) => address.origin === ours)
    .map((address) => ({ next: address.pathname + address.search, part: address.hash.slice(1) }));
}

/** The page without what tells one thing from another: `/people/{id}`. */
export function shape(path) {
  return path.replace(/\?.*/, "").replace(/\/[0-7][0-9a-z]{25}(?=\/|$)/g, "/{id}");
}

/** One page that remembers what the console said. */
export async function observer(context) {
  const page = await context.newPage();
  const said = [];
  page.on("console", (message) => {
    // Of a page that answers 4xx the browser says so itself; of what a page loads it is a fault.
    const isThePage = message.location().url === page.url() && /responded with a status of 4/.test(message.text());
    if (["error", "warning"].includes(message.type()) && !isThePage) said.push(message.text());
  });
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("requestfailed", (request) => {
    // Whoever goes on before the icon of a page is there gives its request up; an icon that is missing is a 404, told above.
    const isGivenUp = request.failure()?.errorText === "net::ERR_ABORTED" && request.url().endsWith("/static/favicon.svg");
    if (!isGivenUp) said.push(`${request.url()} ${request.failure()?.errorText}`);
  });
  return { page, said };
}

/** Everything that is wrong with the page that is open: a list of sentences, empty for a good one. */
export async function faults({ page, said }) {
  const wrong = [];
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    const over = await page.evaluate(sideways);
    if (over) wrong.push(`scrolls sideways at ${width}: ${over}`);
  }
  for (const [colorScheme, width] of [["dark", 390], ["dark", 1280], ["light", 1280]]) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    wrong.push(...(await violations(page)).map((violation) => `${colorScheme} at ${width}: ${violation}`));
  }
  wrong.push(...(await unseenFocus(page)));
  const headings = await page.locator("h1").count();
  if (headings !== 1) wrong.push(`has ${headings} first headings`);
  if (!/^\S.* · Subledger$/.test(await page.title())) wrong.push(`is titled "${await page.title()}"`);
  wrong.push(...said.splice(0));
  return wrong;
}

function sideways() {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth <= clientWidth) return "";
  const beyond = [...document.querySelectorAll("body *")].filter((part) => part.getBoundingClientRect().right > clientWidth + 1);
  return `${scrollWidth} wide, ${beyond.at(-1)?.outerHTML.slice(0, 120) ?? ""}`;
}

/** What axe finds on the page as it is. */
export async function violations(page) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  const found = await page.evaluate(
    (values) => window.axe.run(document, { runOnly: { type: "tag", values }, resultTypes: ["violations"] }),
    standards,
  );
  return found.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary.split("\n")[1] ?? ""}`));
}

/** The first stops of the Tab key must be seen: an outline or a ring, inside the window. */
async function unseenFocus(page) {
  const unseen = [];
  await page.evaluate(() => document.activeElement.blur());
  for (let stop = 1; stop <= 5; stop += 1) {
    await page.keyboard.press("Tab");
    const fault = await page.evaluate(focusFault);
    if (fault) unseen.push(`Tab stop ${stop} ${fault}`);
  }
  return unseen;
}

function focusFault() {
  const at = document.activeElement;
  if (at === document.body) return "";
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(at);
  const { top, bottom, left, right, width } = at.getBoundingClientRect();
  const what = at.outerHTML.slice(0, 120);
  const isMarked = (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || boxShadow !== "none";
  if (!isMarked) return `has no visible ring: ${what}`;
  const isInside = width > 1 && bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
  return isInside ? "" : `is out of sight: ${what}`;
}
