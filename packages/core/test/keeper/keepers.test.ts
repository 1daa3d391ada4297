import { describe, expect, test } from "vitest";
import type { Keeper } from "../../src/keeper/keeper.js";
import { keepersInTurn } from "../../src/keeper/keepers-in-turn.js";
import { ServiceWorkerKeeper } from "../../src/keeper/service-worker-keeper.js";
import { SharedWorkerKeeper } from "../../src/keeper/shared-worker-keeper.js";
import { type KeeperBench, keeperContract } from "../contracts/keeper.contract.js";
import { FakeServiceWorker, keepingWorker, registrationsOf } from "../doubles/fake-registrations.js";
import { FakeSharedWorker } from "../doubles/fake-shared-worker.js";
import { ManualClock } from "../doubles/manual-clock.js";

const app = "https://app.example/sw.js";
const readyFile = "https://app.example/kept/ossicle-keeper.js";
const file = new Blob(["A"]);

function inServiceWorker(): KeeperBench {
  const clock = new ManualClock();
  const worker = keepingWorker(app, clock);
  const openBlind = (scope: string) => new ServiceWorkerKeeper(scope, registrationsOf(worker), clock);
  return {
    openBlind,
    open: (scope) => looked(openBlind(scope)),
    passFiveMinutes: () => clock.advance(300_000),
    end: () => worker.end(),
  };
}

/** Two of them, of which the first is not there. */
function secondOfTwo(): KeeperBench {
  const bench = inServiceWorker();
  const none = (scope: string) => new ServiceWorkerKeeper(scope, registrationsOf(undefined), new ManualClock());
  const openBlind = (scope: string) => keepersInTurn([none(scope), bench.openBlind(scope)]);
  return { ...bench, openBlind, open: (scope) => looked(openBlind(scope)) };
}

function inSharedWorker(): KeeperBench {
  const clock = new ManualClock();
  const worker = new FakeSharedWorker(clock);
  const openBlind = (scope: string) => {
    const starter = { isReady: false, look: () => worker.look(), start: () => undefined };
    return new SharedWorkerKeeper(scope, starter, { clock, locks: worker.locks.for({}), open: worker.open });
  };
  return {
    openBlind,
    open: (scope) => looked(sharedWorkerKeeper(scope, worker, clock)),
    passFiveMinutes: () => clock.advance(300_000),
    end: () => worker.end(),
  };
}

function sharedWorkerKeeper(scope: string, worker: FakeSharedWorker, clock: ManualClock): SharedWorkerKeeper {
  return new SharedWorkerKeeper(scope, worker, { clock, locks: worker.locks.for({}), open: worker.open });
}

const keepers = {
  "in a shared worker": inSharedWorker,
  "in a service worker": inServiceWorker,
  "that is the second of two": secondOfTwo,
};

describe.each(Object.entries(keepers))("a keeper %s", (_name, make) => {
  test.each(keeperContract)("$name", async ({ check }) => {
    await check(make());
  });
});

async function keptBy(keeper: ServiceWorkerKeeper): Promise<readonly string[]> {
  keeper.keep([{ id: "a", file }]);
  return [...(await keeper.kept(["a"])).keys()];
}

test("an app without a service worker has no keeper", async () => {
  const keeper = new ServiceWorkerKeeper("", registrationsOf(undefined), new ManualClock());

  expect(await keeper.look()).toBe(false);
  expect(await keptBy(keeper)).toEqual([]);
});

test("where service workers are forbidden there is no keeper", async () => {
  const refuses = () => Promise.reject(new DOMException("no", "SecurityError"));
  const forbidden = { getRegistration: refuses, getRegistrations: refuses };

  expect(await new ServiceWorkerKeeper("", forbidden, new ManualClock()).look()).toBe(false);
});

test("a service worker that knows no keeper is asked once, waited for for a second, and left no file", async () => {
  const clock = new ManualClock();
  const worker = new FakeServiceWorker(app, () => () => undefined);
  const keeper = new ServiceWorkerKeeper("", registrationsOf(worker), clock);
  const looking = keeper.look();
  let looked = false;
  looking.then(() => {
    looked = true;
  });
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  const early = looked;

  while (clock.elapsed() < 1_000 && clock.sleepers > 0) {
    clock.advanceToNext();
    await new Promise(setImmediate);
  }

  expect(early).toBe(false);
  expect(await looking).toBe(false);
  expect(clock.elapsed()).toBe(1_000);
  expect(clock.sleepers).toBe(0);
  keeper.keep([{ id: "a", file }]);
  expect(worker.heard).toHaveLength(1);
});

test("a service worker that can be told nothing is no keeper", async () => {
  const registration = {
    scope: "https://app.example/",
    active: {
      scriptURL: app,
      postMessage: () => {
        throw new DOMException("no", "InvalidStateError");
      },
    },
  } as unknown as ServiceWorkerRegistration;
  const container = { getRegistration: async () => registration, getRegistrations: async () => [registration] };

  expect(await new ServiceWorkerKeeper("", container, new ManualClock()).look()).toBe(false);
});

test("the ready file keeps files wherever it is registered", async () => {
  const clock = new ManualClock();
  const ready = keepingWorker(readyFile, clock);

  expect(await keptBy(await looked(new ServiceWorkerKeeper("", registrationsOf(undefined, [ready]), clock)))).toEqual([
    "a",
  ]);
});

test("a service worker of another app of the origin is not even started", async () => {
  const clock = new ManualClock();
  const other = keepingWorker("https://app.example/other/sw.js", clock);
  const own = keepingWorker(app, clock);

  await looked(new ServiceWorkerKeeper("", registrationsOf(own, [other]), clock));

  expect([own.isRunning, other.isRunning]).toEqual([true, false]);
});

test("where two keepers are there, files are left with the first, and taken back from both", async () => {
  const clock = new ManualClock();
  const workers = [keepingWorker(app, clock), keepingWorker(app, clock)];
  const each = workers.map((worker) => new ServiceWorkerKeeper("", registrationsOf(worker), clock));
  const both = await looked(keepersInTurn(each));

  both.keep([{ id: "a", file }]);
  each[1]?.keep([{ id: "b", file }]);
  const second = [...((await each[1]?.kept(["a"])) ?? [])];
  const kept = [...(await both.kept(["a", "b"])).keys()];
  await both.release();

  expect(second).toEqual([]);
  expect(kept.sort()).toEqual(["a", "b"]);
  expect([...(await both.kept(["a", "b"]))]).toEqual([]);
});

test("a browser that ends shared workers with their pages has no keeper in one", async () => {
  const clock = new ManualClock();
  const worker = new FakeSharedWorker(clock, false);
  const keeper = sharedWorkerKeeper("", worker, clock);

  expect(await keeper.look()).toBe(false);
  keeper.keep([{ id: "a", file }]);
  expect([...(await keeper.kept(["a"]))]).toEqual([]);
  expect(worker.isRunning).toBe(false);
});

test("where no shared worker keeps anything nobody is waited for, and none is started", async () => {
  const clock = new ManualClock();
  const worker = new FakeSharedWorker(clock);
  const keeper = await looked(sharedWorkerKeeper("", worker, clock));

  expect([...(await keeper.kept(["a"]))]).toEqual([]);
  await keeper.release();
  expect(worker.isRunning).toBe(false);
  expect(clock.elapsed()).toBe(0);
});

test("a shared worker that has let go of all files holds no lock", async () => {
  const clock = new ManualClock();
  const worker = new FakeSharedWorker(clock);
  const keeper = await looked(sharedWorkerKeeper("", worker, clock));
  keeper.keep([{ id: "a", file }]);
  const held = [...worker.locks.heldNames];

  await keeper.release(["a"]);
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);

  expect(held).toHaveLength(1);
  expect(worker.locks.heldNames).toEqual([]);
});

async function looked<T extends Keeper>(keeper: T): Promise<T> {
  await keeper.look();
  return keeper;
}
