// The theme a person chose, and the keys that lead where links lead.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { observer, violations } from "./looking.mjs";
import { send, signIn, signUp } from "./steps.mjs";
import { open } from "./support.mjs";

const email = "mara@larkfield.example";
const paper = { light: "rgb(251, 251, 249)", dark: "rgb(15, 20, 18)" };

let house;
before(async () => {
  house = await open();
  const founder = await (await house.visit("desktop")).newPage();
  await signUp(founder, { business: "Larkfield Studio", name: "Mara Lindqvist", email });
  for (const service of ["Figma", "Slack"]) {
    await founder.goto("/subscriptions/new");
    await send(founder, "Save subscription", { service, cost: "12", currency: "EUR", renews_on: "2199-06-15", seats: "5" });
  }
});
after(() => house?.close());

/** Somebody who signed in, in a browser of this kind. */
async function visit(kind) {
  const seen = await observer(await house.visit(kind));
  await signIn(seen.page, email);
  return seen;
}

async function choose(page, fields) {
  await page.goto("/settings/profile");
  await send(page, "Save", fields);
}

/** What the page is painted with, and the scheme of its form controls. */
const painted = (page) =>
  page.evaluate(() => {
    const [root, body] = [document.documentElement, document.body].map((part) => getComputedStyle(part));
    return { paper: body.backgroundColor, scheme: root.colorScheme };
  });

for (const [kind, system, chosen] of [["desktop", "light", "dark"], ["dark", "dark", "light"]]) {
  test(`whoever chose ${chosen} gets it where the system is ${system}`, { timeout: 600_000 }, async () => {
    const seen = await visit(kind);
    await choose(seen.page, { theme: "" });
    assert.equal((await painted(seen.page)).paper, paper[system]);
    await choose(seen.page, { theme: chosen });
    for (const path of ["/settings/profile", "/", "/subscriptions", "/renewals/calendar", "/businesses", "/audit", "/nothing-here"]) {
      await seen.page.goto(path);
      assert.deepEqual(await painted(seen.page), { paper: paper[chosen], scheme: chosen }, path);
      assert.deepEqual(await violations(seen.page), [], `${path} in ${chosen}`);
    }
    await choose(seen.page, { theme: "" });
    assert.equal((await painted(seen.page)).paper, paper[system]);
    const other = await (await house.visit(kind)).newPage();
    await other.goto("/login");
    assert.equal((await painted(other)).paper, paper[system]);
  });
}

test("keys lead where the menu leads", { timeout: 600_000 }, async () => {
  const { page, said } = await visit("desktop");
  const places = { s: "/subscriptions", l: "/licenses", r: "/renewals", p: "/people", a: "/audit", d: "/" };
  for (const [key, path] of Object.entries(places)) {
    await page.keyboard.press("g");
    await Promise.all([page.waitForURL(`**${path}`), page.keyboard.press(key)]);
    await page.waitForLoadState();
  }
  await Promise.all([page.waitForURL("**/subscriptions/new"), page.keyboard.press("n")]);
  assert.deepEqual(said, []);
});

test("the list of keys opens and closes by keys", { timeout: 600_000 }, async () => {
  const { page, said } = await visit("desktop");
  await page.goto("/subscriptions");
  const list = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await page.keyboard.press("?");
  await list.waitFor();
  assert.match(await list.innerText(), /New subscription\s+n/);
  assert.match(await list.innerText(), /Go to Renewals\s+g then r/);
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press("n");
  assert.ok(page.url().endsWith("/subscriptions"), "a key of the page under the list does nothing");
  await page.keyboard.press("Tab");
  assert.ok(await list.evaluate((part) => part.contains(document.activeElement)));
  await page.keyboard.press("Escape");
  await list.waitFor({ state: "hidden" });
  await page.keyboard.press("?");
  await list.waitFor();
  await page.keyboard.press("?");
  await list.waitFor({ state: "hidden" });
  await page.locator("summary", { hasText: "Your menu" }).click();
  await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
  await list.getByRole("button", { name: "Close" }).click();
  await list.waitFor({ state: "hidden" });
  assert.match(await page.evaluate(() => document.activeElement.textContent), /Your menu/);
  await page.goto("/settings/roles");
  await page.keyboard.press("?");
  assert.doesNotMatch(await list.innerText(), /Search or filter|New/);
  assert.deepEqual(said, []);
});

test("what is typed stays what is typed", { timeout: 600_000 }, async () => {
  const { page } = await visit("desktop");
  await page.goto("/subscriptions");
  await page.keyboard.press("/");
  const box = page.locator("main input[type=search]").first();
  await page.keyboard.type("gsn?/");
  assert.equal(await box.inputValue(), "gsn?/");
  assert.ok(page.url().endsWith("/subscriptions"));
  await page.locator("main select").first().focus();
  await page.keyboard.press("n");
  await page.evaluate(() => document.activeElement.blur());
  for (const held of ["Control", "Alt", "Meta"]) await page.keyboard.press(`${held}+n`);
  await page.keyboard.press("g");
  await page.keyboard.press("x");
  await page.keyboard.press("s");
  assert.ok(page.url().endsWith("/subscriptions"));
  assert.equal(await page.locator("#keys[open]").count(), 0);
});

test("whoever turned the keys off has none", { timeout: 600_000 }, async () => {
  const { page } = await visit("desktop");
  await page.goto("/settings/profile");
  await page.getByRole("checkbox", { name: "Keyboard shortcuts" }).uncheck();
  await send(page, "Save");
  await page.goto("/subscriptions");
  for (const key of ["?", "n", "/"]) await page.keyboard.press(key);
  await page.keyboard.press("g");
  await page.keyboard.press("r");
  assert.ok(page.url().endsWith("/subscriptions"));
  assert.equal(await page.evaluate(() => document.activeElement === document.body), true);
  assert.equal(await page.locator("dialog").count(), 0);
  await page.goto("/settings/profile");
  await page.getByRole("checkbox", { name: "Keyboard shortcuts" }).check();
  await send(page, "Save");
});

test("a link to a decision opens its form", { timeout: 600_000 }, async () => {
  const { page } = await visit("desktop");
  await page.goto("/subscriptions");
  await page.getByRole("link", { name: "Figma" }).first().click();
  await page.waitForURL(/\/subscriptions\/[0-9a-z]{26}$/);
  const place = page.url();
  await page.goto("/");
  await page.goto(`${place}#decide`);
  await page.getByRole("button", { name: "Record decision" }).waitFor();
  const top = await page.locator("#h-renewal").evaluate((part) => part.getBoundingClientRect().top);
  assert.ok(top >= 0 && top < 800, `the heading is at ${top}`);
});
