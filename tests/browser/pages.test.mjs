// Every page that can be reached: it answers, is accessible in both themes, fits every window, and says nothing on the
// console.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { faults, follow, observer, shape } from "./looking.mjs";
import { send, signUp } from "./steps.mjs";
import { open } from "./support.mjs";

const publicPages = ["/", "/signup", "/login"];
const ownerPages = ["/", "/businesses", "/businesses/new"];

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
