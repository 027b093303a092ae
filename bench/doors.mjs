// Whether the time of an answer tells if an address is known: sign-in, "forgot", inviting and sending an invitation
// again, for addresses that are known and ones that are not, taken in turns, compared by rank (Mann-Whitney).
// Usage: node bench/doors.mjs [samples]
// SUBLEDGER_BIN names the program. Every sample comes from a network of its own, so that no limit answers first.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const samples = Number(process.argv[2] ?? 200);
const binary = process.env.SUBLEDGER_BIN ?? 'target/release/subledger';
const data = mkdtempSync(join(tmpdir(), 'subledger-bench-'));
const port = await freePort();
const base = `http://127.0.0.1:${port}`;

async function freePort() {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

function start() {
  const env = {
    ...process.env,
    SUBLEDGER_DATA: data,
    SUBLEDGER_ADDR: `127.0.0.1:${port}`,
    SUBLEDGER_TRUSTED_PROXIES: '127.0.0.1',
    SUBLEDGER_WORKER: 'off',
    SUBLEDGER_LOG: 'warn',
  };
  return spawn(binary, ['serve'], { env, stdio: 'ignore' });
}

async function ready(child) {
  for (let tries = 0; tries < 30_000; tries += 1) {
    if (child.exitCode !== null) throw new Error('the server stopped');
    try {
      if ((await fetch(`${base}/readyz`)).ok) return child;
    } catch { /* not listening yet */ }
    await new Promise((wake) => setTimeout(wake, 10));
  }
  throw new Error('the server is not ready');
}

async function stop(child) {
  const ended = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  await ended;
}

let network = 0;

/** Posts the form from a network where nobody was before; milliseconds until the whole answer is there. A server that
 * is too busy is asked again. */
async function post(path, form, wanted, { cookie = '', again = 10, keep } = {}) {
  network += 1;
  const from = `10.${network >> 8}.${network & 255}.1`;
  const begun = performance.now();
  const answer = await fetch(base + path, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/x-www-form-urlencoded',
      'x-forwarded-for': from,
      cookie,
    },
    body: new URLSearchParams(form),
  });
  await answer.text();
  const took = performance.now() - begun;
  if (answer.status === 503 && again > 0) return post(path, form, wanted, { cookie, again: again - 1, keep });
  if (answer.status !== wanted) throw new Error(`${path} answered ${answer.status}, not ${wanted}`);
  keep?.(answer.headers.getSetCookie().map((one) => one.split(';')[0]).join('; '));
  return took;
}

/** The two-sided p of "both come from the same times", by the normal approximation with ties. */
function mannWhitney(one, two) {
  const all = [...one.map((time) => ({ time, first: true })), ...two.map((time) => ({ time, first: false }))];
  all.sort((a, b) => a.time - b.time);
  let ranks = 0;
  let ties = 0;
  for (let from = 0; from < all.length; ) {
    let to = from;
    while (to < all.length && all[to].time === all[from].time) to += 1;
    const rank = (from + 1 + to) / 2;
    ranks += rank * all.slice(from, to).filter(({ first }) => first).length;
    ties += (to - from) ** 3 - (to - from);
    from = to;
  }
  const [n, m] = [one.length, two.length];
  const u = ranks - (n * (n + 1)) / 2;
  const spread = Math.sqrt(((n * m) / 12) * (n + m + 1 - ties / ((n + m) * (n + m - 1))));
  const z = spread === 0 ? 0 : (u - (n * m) / 2) / spread;
  return 2 * (1 - normal(Math.abs(z)));
}

/** The normal distribution's share below z, by Simpson's rule. */
function normal(z) {
  const steps = 2_000;
  const width = z / steps;
  const density = (x) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  let sum = density(0) + density(z);
  for (let step = 1; step < steps; step += 1) sum += density(step * width) * (step % 2 ? 4 : 2);
  return 0.5 + (sum * width) / 3;
}

function median(times) {
  const sorted = [...times].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

function report(what, known, unknown) {
  const [one, two] = [median(known), median(unknown)];
  const p = mannWhitney(known, unknown);
  const apart = ((one - two) / two) * 100;
  console.log(
    `${what.padEnd(8)} known ${one.toFixed(2)} ms, unknown ${two.toFixed(2)} ms, ${apart.toFixed(2)} % apart, ` +
      `Mann-Whitney p = ${p.toFixed(3)} over ${known.length} + ${unknown.length}`,
  );
}

/** Takes both in turns, in an order that changes, so that whatever else the machine does meets both. */
async function compare(what, known, unknown) {
  const times = { known: [], unknown: [] };
  for (let nth = 0; nth < samples; nth += 1) {
    const turns = [['known', known], ['unknown', unknown]];
    if (Math.random() < 0.5) turns.reverse();
    for (const [which, act] of turns) times[which].push(await act(nth));
  }
  report(what, times.known, times.unknown);
}

// An address takes few tries an hour, and whoever has not confirmed their own may invite ten people: as many people as
// samples need are known, and each does and bears a few only.
async function people(count) {
  const owners = [];
  for (let nth = 0; nth < count; nth += 1) {
    const form = { business: `Bench ${nth}`, name: 'Bench', email: `known${nth}@bench.example`, password: 'four herons left the harbour', plan: 'trial' };
    await post('/signup', form, 303, { keep: (cookie) => owners.push({ cookie }) });
  }
  return owners;
}

async function invitations(owner) {
  const page = await (await fetch(`${base}/team/invitations`, { headers: { cookie: owner.cookie } })).text();
  return { page, ids: [...page.matchAll(/\/team\/invitations\/([0-9a-z]{26})\/resend/g)].map((found) => found[1]) };
}

const tries = 3;
const count = Math.ceil(samples / tries);
const server = await ready(start());
try {
  const owners = await people(count);
  const at = (nth) => Math.floor(nth / tries);
  for (let warm = 0; warm < 20; warm += 1) await post('/login', { email: `warm${warm}@bench.example`, password: 'not it' }, 422);
  const address = (kind, nth) => `${kind}${at(nth)}@bench.example`;
  const signIn = (kind) => (nth) => post('/login', { email: address(kind, nth), password: 'not the password' }, 422);
  await compare('sign-in', signIn('known'), signIn('nobody'));
  const forgot = (kind) => (nth) => post('/password/forgot', { email: address(kind, nth) }, 303);
  await compare('forgot', forgot('known'), forgot('nobody'));

  for (const owner of owners) owner.business = (await invitations(owner)).page.match(/name="business" value="([0-9a-z]{26})"/)[1];
  // Each owner invites the people of the next ones, who have an account in another business, and as many who have none.
  const invited = (kind, nth) => `${kind}${(at(nth) + 1 + (nth % tries)) % count}@bench.example`;
  const invite = (kind) => async (nth) => {
    const owner = owners[at(nth)];
    const emails = kind === 'known' ? invited(kind, nth) : `${kind}${nth}@bench.example`;
    return post('/team/invitations', { business: owner.business, emails, role: 'user', department: '', message: '' }, 303, owner);
  };
  await compare('invite', invite('known'), invite('nobody'));

  for (const owner of owners) {
    const { page, ids } = await invitations(owner);
    for (const kind of ['known', 'nobody']) {
      // The buttons of a row come after its address.
      owner[kind] = ids.filter((id) => page.slice(0, page.indexOf(id)).lastIndexOf(kind) > page.slice(0, page.indexOf(id)).lastIndexOf(kind === 'known' ? 'nobody' : 'known'));
    }
  }
  const resend = (kind) => (nth) => {
    const owner = owners[at(nth)];
    return post(`/team/invitations/${owner[kind][nth % tries]}/resend`, { business: owner.business }, 303, owner);
  };
  await compare('resend', resend('known'), resend('nobody'));
} finally {
  await stop(server);
  rmSync(data, { recursive: true, force: true });
}
