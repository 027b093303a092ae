#!/usr/bin/env node
// Makes docs/pictures: the demo business as a visitor sees it, at 1280 px, at 390 px, and dark.
//   node bin/pictures.mjs [directory]     SUBLEDGER_BIN and CHROMIUM name the programs, as in bin/test
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readLetter, send } from "../tests/browser/steps.mjs";
import { launch, serve, visitor } from "../tests/browser/support.mjs";

const directory = process.argv[2] ?? fileURLToPath(new URL("../docs/pictures", import.meta.url));
const highest = 1600;
const kinds = [
  { kind: "desktop", width: 1280, colorScheme: "light" },
  { kind: "phone", width: 390, colorScheme: "light" },
  { kind: "dark", width: 1280, colorScheme: "dark" },
];

/** Each picture and the way to it, in the order in which they are taken. */
const pictures = {
  "sign-up": (page) => page.goto("/signup"),
  home: signInAndGo,
  subscriptions: (page) => page.goto("/subscriptions"),
  subscription: (page) => open(page, "/subscriptions?q=Figma", 'main th a[href^="/subscriptions/"]'),
  audit: (page) => page.goto("/audit"),
  plan: (page) => page.goto("/settings/plan"),
  team: (page) => page.goto("/team"),
  letter: inviteAndRead,
};

mkdirSync(directory, { recursive: true });
const server = await serve({}, ["--demo"]);
const browser = await launch();
try {
  const page = await (await visitor(browser, server.url, "desktop")).newPage();
  for (const [name, goTo] of Object.entries(pictures)) {
    await goTo(page);
    for (const kind of kinds) await take(page, name, kind);
  }
} finally {
  await browser.close();
  await server.stop();
}

async function take(page, name, { kind, width, colorScheme }) {
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize({ width, height: 800 });
  const height = Math.min(highest, await page.evaluate(() => document.documentElement.scrollHeight));
  await page.setViewportSize({ width, height });
  await page.screenshot({ path: join(directory, `${name}-${kind}.png`) });
}

async function signInAndGo(page) {
  const { people } = JSON.parse(readFileSync(join(server.data, "demo"), "utf8"));
  await page.goto("/login");
  const answer = await send(page, "Sign in", { email: people[0].email, password: people[0].password });
  assert.equal(answer.status(), 200, `${people[0].email} cannot sign in`);
}

async function open(page, list, link) {
  await page.goto(list);
  await Promise.all([page.waitForNavigation(), page.locator(link).first().click()]);
}

/** The letter alone, as a mail program shows it. */
async function inviteAndRead(page) {
  await page.goto("/team/invitations");
  await send(page, "Send invitations", { emails: "leo.brandt@larkfield.example", role: "auditor" });
  await readLetter(page, "leo.brandt@larkfield.example", "");
  await page.goto(await page.locator("iframe.letter").getAttribute("src"));
}
