// Every page that can be reached: it answers, is accessible in both themes, fits every window, and says nothing on the
// console.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { faults, follow, observer, shape } from "./looking.mjs";
import { click, readLetter, says, send, signUp } from "./steps.mjs";
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
