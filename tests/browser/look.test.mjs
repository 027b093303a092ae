// The theme a person chose.
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

/** What the page is painted with: its paper, its form controls' scheme, the lines of its chart. */
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
