// The colours of static/tokens.css keep the contrast the design promises, in both themes.
//   node --test contrast.test.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const css = readFileSync(new URL("../../static/tokens.css", import.meta.url), "utf8");
const pair = /--sl-([\w-]+):\s*light-dark\(\s*(#[0-9a-f]{6})\s*,\s*(#[0-9a-f]{6})\s*\)/g;
const tokens = new Map([...css.matchAll(pair)].map(([, name, light, dark]) => [name, { light, dark }]));

const grounds = ["paper", "sheet", "rail", "sunk", "hover"];
const states = ["good", "warn", "bad", "info", "try", "idle"];
const tints = [...states.map((state) => `${state}-soft`), "accent-soft"];
const series = ["c1", "c2", "c3", "c4", "c5", "c6"];

/** Every promise: these inks on these grounds, at least this contrast. */
const promises = [
  { inks: ["ink", "ink-2"], on: [...grounds, ...tints], least: 4.5 },
  { inks: ["accent-text", ...states], on: grounds, least: 4.5 },
  ...states.map((state) => ({ inks: [state], on: [`${state}-soft`], least: 4.5 })),
  { inks: ["accent-text"], on: ["accent-soft"], least: 4.5 },
  { inks: ["accent-ink"], on: ["accent", "accent-hover"], least: 4.5 },
  { inks: ["line-input", "ring"], on: ["paper", "sheet"], least: 3 },
  { inks: series, on: ["sheet"], least: 3 },
];

for (const theme of ["light", "dark"]) {
  for (const { inks, on, least } of promises) {
    for (const ink of inks) {
      for (const ground of on) {
        test(`${ink} on ${ground}, ${theme}: at least ${least}`, () => {
          const found = contrast(colour(ink, theme), colour(ground, theme));
          assert.ok(found >= least, `${found.toFixed(2)}:1`);
        });
      }
    }
  }
}

test("every colour of the tokens is a light and a dark one", () => {
  const single = [...css.matchAll(/--sl-([\w-]+):\s*#/g)].map(([, name]) => name);
  assert.deepEqual(single, ["ink-on-dark"]);
});

function colour(name, theme) {
  const found = tokens.get(name);
  assert.ok(found, `--sl-${name} is not a light-dark() pair`);
  return found[theme];
}

function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(hex) {
  const [red, green, blue] = [1, 3, 5].map((at) => linear(parseInt(hex.slice(at, at + 2), 16) / 255));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function linear(part) {
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}
