/** `pnpm probe` finds of the emulator what ARCHITECTURE.md says of the service, and sees it when that is not so. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  defaultAccount,
  defaultCorsRules,
  type Emulator,
  type EmulatorOptions,
  startEmulator,
} from "../packages/oss-emulator/src/index.js";
import { assumptions } from "./probe/assumptions.js";

const root = resolve(fileURLToPath(import.meta.url), "../..");
const bucket = "probed";
let directory: string;
let emulator: Emulator;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "ossicle-probe-"));
});

afterEach(async () => {
  await emulator?.close();
  await rm(directory, { recursive: true });
});

async function start(options: Partial<EmulatorOptions> = {}): Promise<void> {
  emulator = await startEmulator({ data: directory, buckets: [bucket], ...options });
}

function bucketVariables(): Record<string, string> {
  return {
    OSS_ACCESS_KEY_ID: defaultAccount.accessKeyId,
    OSS_ACCESS_KEY_SECRET: defaultAccount.accessKeySecret,
    OSS_REGION: emulator.region,
    OSS_BUCKET: bucket,
    OSS_ENDPOINT: emulator.endpoint,
  };
}

/** Only the variables of this test: the machine's own may be of a real bucket. */
async function probe(variables: Record<string, string>) {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith("OSS_"));
  const child = spawn(process.execPath, ["--import", "tsx", "scripts/probe.mts"], {
    cwd: root,
    env: { ...Object.fromEntries(others), ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [shown, complaints, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  const lines = [...shown.matchAll(/^(\d+)\. (\w+)/gm)];
  return {
    status,
    shown,
    complaints,
    verdicts: Object.fromEntries(lines.map(([, number, verdict]) => [number, verdict])),
  };
}

test("every assumption is probed", async () => {
  const document = await readFile(join(root, "ARCHITECTURE.md"), "utf8");
  const [, section = ""] = /^## Assumed of the real service$([\s\S]*?)^## /m.exec(document) ?? [];

  const numbers = [...section.matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number));

  expect(numbers.length).toBeGreaterThan(0);
  expect(assumptions.map(({ number }) => number)).toEqual(numbers);
});

test("what is assumed holds of the emulator, and nothing is left there", async () => {
  await start();

  const { status, verdicts, complaints } = await probe(bucketVariables());

  expect(complaints).toBe("");
  expect({ ...verdicts, "2": "holds" }).toEqual({
    1: "holds",
    2: "holds",
    3: "holds",
    4: "holds",
    5: "holds",
    6: "holds",
    7: "holds",
    8: "holds",
    9: "holds",
    10: "holds",
    11: "holds",
    12: "holds",
    13: "holds",
    // The emulator's rule names POST.
    14: "unknown",
  });
  // The emulator merges at once: whether a listing is asked for meanwhile is chance.
  expect(["holds", "unknown"]).toContain(verdicts["2"]);
  expect(status).toBe(0);
  expect(emulator.uploads(bucket)).toEqual([]);
  expect(emulator.objects(bucket)).toEqual([]);
});

test("a service that is not as assumed is told, and ends in failure", async () => {
  await start({ listPartsCrc: false, postObjectCrc: false });

  const { status, verdicts } = await probe(bucketVariables());

  expect(verdicts).toMatchObject({ 3: "differs", 11: "differs" });
  expect(status).toBe(1);
});

test("a bucket whose CORS rule lacks POST shows what pages see of a form", async () => {
  const cors = defaultCorsRules.map((rule) => ({ ...rule, allowedMethods: ["PUT", "GET", "HEAD", "DELETE"] }));
  await start({ buckets: [{ name: bucket, cors }] });

  const { verdicts } = await probe(bucketVariables());

  expect(verdicts).toMatchObject({ 14: "holds" });
});

test("a key that may do nothing leaves everything unknown, which is no success", async () => {
  await start();

  const { status, shown, verdicts } = await probe({ ...bucketVariables(), OSS_ACCESS_KEY_SECRET: "another" });

  expect(new Set(Object.values(verdicts))).toEqual(new Set(["unknown"]));
  expect(shown).toContain("SignatureDoesNotMatch");
  expect(status).toBe(2);
});

test("variables that are missing are named", async () => {
  await start();
  const { OSS_BUCKET: _bucket, ...rest } = bucketVariables();

  const { status, complaints } = await probe({ ...rest, OSS_REGION: "" });

  expect(complaints).toContain("Not set: OSS_REGION, OSS_BUCKET.");
  expect(status).toBe(2);
});
