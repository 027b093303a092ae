// A calendar program reads the feed: ical.js, which reads calendars for Thunderbird, refuses what RFC 5545 does not know.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import ICAL from "ical.js";
import { says, send, signUp } from "./steps.mjs";
import { open } from "./support.mjs";

let house;
before(async () => {
  house = await open();
});
after(async () => {
  await house?.close();
});

const names = [
  "Figma",
  "Semicolons; commas, and \"quotes\" \\ backslashes",
  "A name long enough for a line of a calendar to be folded, more than once, because no line is longer than 75 octets",
  "Zürcher Büro – 東京 🗓️ Ωmega, folded between octets of one sign perhaps, over and over again, 東京東京東京東京東京東京",
];

test("a calendar program reads every event of the feed", { timeout: 120_000 }, async () => {
  const page = await (await house.visit("desktop")).newPage();
  await signUp(page, { business: "Larkfield Studio", name: "Mara Lark", email: "mara@larkfield.example" });
  const renewal = new Date(Date.now() + 100 * 86_400_000).toISOString().slice(0, 10);
  const rows = names.map((name) => `"${name.replaceAll('"', '""')}",12,${renewal},30,days`);
  const file = ["Service,Cost,Renews on,Notice,Notice unit", ...rows].join("\n");
  await page.goto("/import?kind=subscriptions");
  await send(page, "Upload and check", { file: { name: "subscriptions.csv", mimeType: "text/csv", buffer: Buffer.from(file) } });
  await page.getByRole("button", { name: /^Import / }).click();
  await says(page, `${names.length} created`);
  await page.goto("/renewals/feed");
  await send(page, "Make my feed");
  const address = await page.getByLabel("The address of your feed").inputValue();

  const answer = await (await house.visit("desktop")).request.get(address);
  assert.equal(answer.headers()["content-type"], "text/calendar; charset=utf-8");
  const calendar = new ICAL.Component(ICAL.parse(await answer.text()));
  assert.equal(calendar.name, "vcalendar");
  const events = calendar.getAllSubcomponents("vevent").map((part) => new ICAL.Event(part, { strictExceptions: true }));
  assert.equal(new Set(events.map((event) => event.uid)).size, events.length);
  for (const name of names) {
    const of = events.filter((event) => event.summary.includes(name));
    assert.ok(of.length >= 2, `a renewal and a last day to cancel of ${name}: ${of.length}`);
  }
  for (const event of events) {
    assert.ok(event.startDate.isDate && event.endDate.isDate, event.summary);
    assert.equal(event.duration.toSeconds(), 86_400, `${event.summary} is one day long`);
    assert.ok(!event.isRecurring(), "every renewal is written out");
    for (const alarm of event.component.getAllSubcomponents("valarm")) {
      assert.equal(alarm.getFirstPropertyValue("action"), "DISPLAY");
      assert.ok(alarm.getFirstPropertyValue("trigger").toSeconds() <= 86_400);
    }
  }
  // What it has read, it writes; and reads again as the same.
  assert.deepEqual(new ICAL.Component(ICAL.parse(calendar.toString())).toJSON(), calendar.toJSON());
});

test("a line that is none is refused by the same reader", () => {
  assert.throws(() => ICAL.parse("BEGIN:VCALENDAR\r\nno line of a calendar\r\nEND:VCALENDAR\r\n"));
});
