import { createHash } from "node:crypto";
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures.js";

/** Where the page's workers came from, and what a first digest ended with. */
async function firstDigest(page: Page) {
  const urls: string[] = [];
  page.on("worker", (worker) => urls.push(worker.url()));
  const end = await page.evaluate(async () => {
    const { createWorkerPool, both, ended, never, readable } = await import("ossicle-pool");
    return await ended(
      createWorkerPool({ stallTimeoutMs: 30_000 })
        .digest(new Blob(["123456789"]), both, { signal: never })
        .then(readable),
    );
  });
  return { ...end, urls };
}

const right = { md5: "25f9e794323b453885f5181f1b624d0b", crc64: "11051210869376104954", size: 9 };

test("the worker starts from the file beside the library", async ({ page, pageServer }) => {
  await page.goto(pageServer.page({ csp: "default-src 'self'; script-src 'self' 'nonce-harness' 'wasm-unsafe-eval'" }));

  const { value, urls } = await firstDigest(page);

  expect(value).toEqual(right);
  expect(urls).toEqual([expect.stringMatching(/\/worker\.js$/)]);
});

test("the worker starts from text where a bundler left its file behind", async ({ page, pageServer }) => {
  await page.goto(pageServer.page({ missing: ["worker.js"] }));

  const { value, urls } = await firstDigest(page);

  expect(value).toEqual(right);
  expect(urls.at(-1)).toMatch(/^blob:/);
});

test("once a way to start has worked, the others are not tried again", async ({ page, pageServer }) => {
  await page.goto(pageServer.page({ missing: ["worker.js"] }));
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname.replace(/^.*\//, "")));

  const started = await page.evaluate(async () => {
    const { createWorkerPool, both, never } = await import("ossicle-pool");
    const pool = createWorkerPool({ count: 2, stallTimeoutMs: 30_000 });
    await pool.parseXml("<A/>");
    const digests = [1, 2].map(() => pool.digest(new Blob([new Uint8Array(2 ** 24)]), both, { signal: never }));
    return (await Promise.all(digests)).length;
  });

  expect(started).toBe(2);
  expect(page.workers()).toHaveLength(2);
  expect(asked.filter((file) => file === "worker.js")).toHaveLength(1);
});

test("the worker starts from text where the library comes from another origin", async ({ page, pageServer }) => {
  await page.goto(pageServer.page({ library: "other-origin" }));

  const { value, urls } = await firstDigest(page);

  expect(value).toEqual(right);
  expect(urls.at(-1)).toMatch(/^blob:/);
});

test("the worker starts from text where a policy allows only that", async ({ page, pageServer }) => {
  await page.goto(pageServer.page({ csp: "worker-src blob:" }));

  const { value, urls } = await firstDigest(page);

  expect(value).toEqual(right);
  expect(urls.at(-1)).toMatch(/^blob:/);
});

for (const [what, csp] of [
  ["workers", "worker-src 'none'"],
  ["scripts that a policy of ours makes of strings", "require-trusted-types-for 'script'; trusted-types app"],
] as const) {
  test(`a policy that forbids ${what} is an error that says what to do`, async ({ page, pageServer, browserName }) => {
    await page.goto(pageServer.page({ csp }));

    const { error } = await firstDigest(page);

    expect(error).toMatchObject({ name: "UploadError", code: "worker", temporary: false });
    expect(error?.hint).toMatch(/worker-src 'self' blob:.*trusted-types ossicle.*workers\.create/);
    // Firefox says the same of a name that is taken.
    if (browserName !== "firefox") expect(error?.hint).not.toContain("taken");
  });
}

/** What a second owner of the policy's name may do about it. */
const remedies = /"ossicle" is taken.*one copy of the library.*trusted-types ossicle 'allow-duplicates'/s;

/** A digest by each of two copies of the library, one after the other. */
async function digestsOfTwoCopies(page: Page) {
  return await page.evaluate(async () => {
    const ends = [];
    for (const copy of ["pool.js", "pool.js?second"]) {
      const library = (await import(new URL(copy, location.href).href)) as typeof import("ossicle-pool");
      const { createWorkerPool, both, ended, never, readable } = library;
      const digesting = createWorkerPool({ count: 1, stallTimeoutMs: 30_000 }).digest(new Blob(["123456789"]), both, {
        signal: never,
      });
      ends.push(await ended(digesting.then(readable)));
    }
    return ends;
  });
}

test("a second copy of the library in the page is told that the first has the policy's name", async ({
  page,
  pageServer,
}) => {
  await page.goto(pageServer.page({ csp: "require-trusted-types-for 'script'; trusted-types ossicle" }));

  const [first, second] = await digestsOfTwoCopies(page);

  expect(first?.value).toEqual(right);
  expect(second?.error).toMatchObject({ name: "UploadError", code: "worker", temporary: false });
  expect(second?.error?.hint).toMatch(remedies);
  expect(second?.error?.hint).toContain("workers.create");
});

test("two copies of the library start their workers where the policy allows both", async ({ page, pageServer }) => {
  const csp = "require-trusted-types-for 'script'; trusted-types ossicle 'allow-duplicates'";
  await page.goto(pageServer.page({ csp }));

  const ends = await digestsOfTwoCopies(page);

  expect(ends.map(({ value }) => value)).toEqual([right, right]);
});

test("a page that has the policy's name for itself is told that it is taken", async ({ page, pageServer }) => {
  await page.goto(pageServer.page({ csp: "require-trusted-types-for 'script'; trusted-types ossicle" }));
  await page.evaluate(() => {
    const { trustedTypes } = window as unknown as { trustedTypes: { createPolicy(name: string, rules: object): void } };
    trustedTypes.createPolicy("ossicle", {});
  });

  const { error } = await firstDigest(page);

  expect(error).toMatchObject({ name: "UploadError", code: "worker", temporary: false });
  expect(error?.hint).toMatch(remedies);
});

test("a name that is taken is not blamed for what else keeps the worker from starting", async ({
  page,
  pageServer,
}) => {
  await page.goto(pageServer.page({ csp: "trusted-types ossicle; worker-src 'none'" }));
  await page.evaluate(() => {
    const { trustedTypes } = window as unknown as { trustedTypes: { createPolicy(name: string, rules: object): void } };
    trustedTypes.createPolicy("ossicle", {});
  });

  const { error } = await firstDigest(page);

  expect(error).toMatchObject({ name: "UploadError", code: "worker" });
  expect(error?.hint).toContain("worker-src 'self' blob:");
  expect(error?.hint).not.toContain("taken");
});

test("the worker starts from text where trusted types are required", async ({ page, pageServer }) => {
  await page.goto(pageServer.page({ csp: "require-trusted-types-for 'script'; trusted-types ossicle" }));

  const { value, urls } = await firstDigest(page);

  expect(value).toEqual(right);
  expect(urls.at(-1)).toMatch(/^blob:/);
});

test("the worker starts from text where policies of ours are not allowed, but not needed either", async ({
  page,
  pageServer,
}) => {
  await page.goto(pageServer.page({ csp: "trusted-types app", missing: ["worker.js"] }));

  const { value, urls } = await firstDigest(page);

  expect(value).toEqual(right);
  expect(urls.at(-1)).toMatch(/^blob:/);
});

test("where only the app's policies may make scripts of strings, its own worker is the way", async ({
  page,
  pageServer,
}) => {
  await page.goto(pageServer.page({ csp: "require-trusted-types-for 'script'; trusted-types app" }));

  const digest = await page.evaluate(async () => {
    const { createWorkerPool, both, never, readable } = await import("ossicle-pool");
    interface Policy {
      createScriptURL(url: string): string;
    }
    const { trustedTypes } = window as unknown as {
      trustedTypes: { createPolicy(name: string, rules: Policy): Policy };
    };
    const policy = trustedTypes.createPolicy("app", { createScriptURL: (url) => url });
    const create = () => new Worker(policy.createScriptURL("worker.js"), { type: "module" });
    return readable(
      await createWorkerPool({ create, stallTimeoutMs: 30_000 }).digest(new Blob(["123456789"]), both, {
        signal: never,
      }),
    );
  });

  expect(digest).toEqual(right);
});

test("a script that cannot be fetched at all may be fetched later", async ({ page, pageServer }) => {
  await page.goto(pageServer.page({ missing: ["worker.js", "worker-text.js"] }));

  const { error } = await firstDigest(page);

  expect(error).toMatchObject({ code: "network", temporary: true });
});

test("a worker that dies is replaced, and what it digested is digested again", async ({ page, pageServer }) => {
  await page.goto(pageServer.page());

  const { digest, started } = await page.evaluate(async () => {
    const { createWorkerPool, both, never, readable } = await import("ossicle-pool");
    // The real worker, in which a message of ours makes an error that nobody catches.
    const script = `import "${new URL("worker.js", location.href)}";
      addEventListener("message", ({ data }) => { if (data === "die") throw new Error("out of memory"); });`;
    const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const workers: Worker[] = [];
    const create = () => {
      const worker = new Worker(url, { type: "module" });
      workers.push(worker);
      return worker;
    };
    const pool = createWorkerPool({ count: 1, create, stallTimeoutMs: 30_000 });
    await pool.parseXml("<A/>");
    const digesting = pool.digest(new Blob([new Uint8Array(2 ** 28)]), both, { signal: never });
    workers[0]?.postMessage("die");
    return { digest: readable(await digesting), started: workers.length };
  });

  const md5 = createHash("md5")
    .update(new Uint8Array(2 ** 28))
    .digest("hex");
  expect(digest).toMatchObject({ md5, size: 2 ** 28 });
  expect(started).toBe(2);
});

test("closing leaves no worker behind", async ({ page, pageServer }) => {
  await page.goto(pageServer.page());
  const gone = page.waitForEvent("worker").then((worker) => worker.waitForEvent("close"));

  await page.evaluate(async () => {
    const { createWorkerPool } = await import("ossicle-pool");
    const pool = createWorkerPool({ stallTimeoutMs: 30_000 });
    await pool.parseXml("<A/>");
    pool.close();
  });

  await gone;
  expect(page.workers()).toEqual([]);
});
