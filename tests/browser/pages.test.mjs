// Every page that can be reached: it answers, is accessible in both themes, fits every window, and says nothing on the
// console.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { faults, follow, observer, shape } from "./looking.mjs";
import { click, password, readLetter, says, send, signUp } from "./steps.mjs";
import { open } from "./support.mjs";

const publicPages = ["/", "/signup", "/login", "/password/forgot"];
const ownerPages = ["/", "/businesses", "/businesses/new", "/verify/resend", "/reauth"];

let house;
before(async () => (house = await open()));
after(() => house?.close());

test("a stranger finds good pages behind every link", { timeout: 1_200_000 }, async () => {
  const context = await house.visit("desktop");
  await walk(context, publicPages);
});

test("a stranger sees good pages where something is refused", { timeout: 1_200_000 }, async () => {
  const seen = await observer(await house.visit("desktop"));
  await seen.page.goto("/signup");
  assert.equal((await send(seen.page, "Create business")).status(), 422);
  assert.deepEqual(await faults(seen), [], "/signup refused");
  await seen.page.goto("/login");
  assert.equal((await send(seen.page, "Sign in", { email: "nobody@larkfield.example", password: "wrong" })).status(), 422);
  assert.deepEqual(await faults(seen), [], "/login refused");
  assert.equal((await seen.page.goto("/nothing-here")).status(), 404);
  assert.deepEqual(await faults(seen), [], "a page that is not there");
});

test("whoever forgot their password finds good pages on the way to a new one", { timeout: 600_000 }, async () => {
  const founder = await (await house.visit("desktop")).newPage();
  await signUp(founder, { business: "Larkfield Studio", name: "Ines Okafor", email: "ines@larkfield.example" });
  const seen = await observer(await house.visit("desktop"));
  await seen.page.goto("/password/forgot");
  assert.equal((await send(seen.page, "Send the letter", { email: "ines" })).status(), 422);
  assert.deepEqual(await faults(seen), [], "/password/forgot refused");
  await send(seen.page, "Send the letter", { email: "ines@larkfield.example" });
  assert.deepEqual(await faults(seen), [], "/login after asking");
  await readLetter(seen.page, "ines@larkfield.example", "Choose a new password");
  await click(seen.page, "Follow its link");
  await says(seen.page, "Choose your new password");
  assert.deepEqual(await faults(seen), [], "/password/reset");
  const reset = seen.page.url();
  assert.equal((await send(seen.page, "Save password", { password: "Password123!" })).status(), 422);
  assert.deepEqual(await faults(seen), [], "/password/reset refused");
  await send(seen.page, "Save password", { password: "four herons left the harbour" });
  await says(seen.page, "Your new password is set");
  assert.equal((await seen.page.goto(reset)).status(), 410);
  assert.deepEqual(await faults(seen), [], "a link that was used");
});

test("an owner finds good pages behind every link", { timeout: 1_200_000 }, async () => {
  const context = await house.visit("desktop");
  const page = await context.newPage();
  await signUp(page, { business: "Larkfield Studio", name: "Mara Lindqvist", email: "mara@larkfield.example" });
  await walk(context, ownerPages);
});

test("whoever decides on a renewal finds good pages on the way", { timeout: 600_000 }, async () => {
  const context = await house.visit("desktop");
  const owner = await context.newPage();
  await signUp(owner, { business: "Larkfield Press", name: "Noa Kimura", email: "noa@larkfield.example" });
  const inDays = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  for (const [service, days] of [["Figma", 3], ["Slack", 20], ["Miro", 45]]) {
    await owner.goto("/subscriptions/new");
    await send(owner, "Save subscription", { service, cost: "12", currency: "EUR", renews_on: inDays(days), seats: "5" });
  }
  const seen = await observer(context);
  for (const path of ["/", "/renewals", "/renewals?decision=undecided&sort=name", "/renewals/calendar", "/renewals/feed"]) {
    await seen.page.goto(path);
    assert.deepEqual(await faults(seen), [], path);
  }
  await send(seen.page, "Make my feed");
  await says(seen.page, "is shown this once");
  assert.deepEqual(await faults(seen), [], "/renewals/feed made");
  await seen.page.goto("/renewals");
  await seen.page.getByLabel("Select Figma").check();
  assert.deepEqual(await faults(seen), [], "/renewals with one selected");
  await click(seen.page, "Figma");
  await seen.page.locator("#decide > summary").click();
  assert.deepEqual(await faults(seen), [], "/subscriptions/{id} deciding");
  await seen.page.locator("input[name=decision][value=resize]").check();
  assert.equal((await send(seen.page, "Record decision", { seats: "0" })).status(), 422);
  assert.deepEqual(await faults(seen), [], "/renewals/{id}/decision refused");
  await seen.page.locator("input[name=decision][value=cancel]").check();
  await send(seen.page, "Record decision");
  await says(seen.page, "is covered until");
  assert.deepEqual(await faults(seen), [], "/subscriptions/{id} decided");
});

test("an owner finds good pages on the way out of a business", { timeout: 600_000 }, async () => {
  const context = await house.visit("desktop");
  const owner = await context.newPage();
  await signUp(owner, { business: "Larkfield Yard", name: "Rui Reyes", email: "rui@larkfield.example" });
  await owner.goto("/team/invitations");
  await send(owner, "Send invitations", { emails: "lea@larkfield.example", role: "admin" });
  const guest = await (await house.visit("desktop")).newPage();
  await readLetter(guest, "lea@larkfield.example", "Larkfield Yard");
  await click(guest, "Follow its link");
  await send(guest, "Join", { name: "Lea Lindqvist", password });
  const seen = await observer(context);
  await seen.page.goto("/team");
  await seen.page.getByLabel("What to do with Lea Lindqvist").click();
  assert.deepEqual(await faults(seen), [], "/team with a menu open");
  await click(seen.page, "Hand the business over");
  assert.deepEqual(await faults(seen), [], "/team/{id}/hand-over");
  assert.equal((await send(seen.page, "Hand over", { confirm: "Larry" })).status(), 422);
  assert.deepEqual(await faults(seen), [], "/team/{id}/hand-over refused");
  await seen.page.goto("/settings/business");
  assert.equal((await send(seen.page, "Save", { name: "", zone: "Mars" })).status(), 422);
  assert.deepEqual(await faults(seen), [], "/settings/business refused");
  assert.equal((await send(seen.page, "Close Larkfield Yard", { confirm: "Yard" })).status(), 422);
  assert.deepEqual(await faults(seen), [], "/settings/business/close refused");
  await send(seen.page, "Close Larkfield Yard", { confirm: "Larkfield Yard" });
  assert.deepEqual(await faults(seen), [], "/settings/business being closed");
  await seen.page.goto("/");
  await click(seen.page, "Keep the business");
  await send(seen.page, "Keep the business");
  await says(seen.page, "Larkfield Yard stays");
});

test("an owner makes a key, sees it once and revokes it", { timeout: 600_000 }, async () => {
  const context = await house.visit("desktop");
  const owner = await context.newPage();
  await signUp(owner, { business: "Larkfield Press", name: "Ada Osei", email: "ada@larkfield.example" });
  const seen = await observer(context);
  await seen.page.goto("/settings/api-keys");
  assert.equal((await send(seen.page, "Make key", { name: "" })).status(), 422);
  assert.deepEqual(await faults(seen), [], "/settings/api-keys refused");
  await send(seen.page, "Make key", { name: "Browser extension" });
  await says(seen.page, "It is shown this once.");
  assert.deepEqual(await faults(seen), [], "a key that was made");
  await click(seen.page, "I have kept it");
  await send(seen.page, "Revoke Browser extension");
  await says(seen.page, "Revoked");
  assert.deepEqual(await faults(seen), [], "/settings/api-keys with a revoked one");
});

/** Follows every link, then looks at one page of each shape. */
async function walk(context, starts) {
  const { paths, wrong } = await follow(context, starts);
  assert.deepEqual(wrong, []);
  const shapes = new Map(paths.toReversed().map((path) => [shape(path), path]));
  const seen = await observer(context);
  const titles = new Map();
  const found = [];
  for (const [one, path] of [...shapes].filter(([one]) => !/^\/(static|dev)\/|\.\w+$/.test(one))) {
    await seen.page.goto(path);
    found.push(...(await faults(seen)).map((fault) => `${one} ${fault}`));
    const title = await seen.page.title();
    if (titles.has(title)) found.push(`${one} has the title of ${titles.get(title)}: ${title}`);
    titles.set(title, one);
  }
  assert.deepEqual(found, []);
}
