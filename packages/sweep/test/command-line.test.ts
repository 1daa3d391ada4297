/** The command: what it prints, what it takes, and what it never prints. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { run } from "../src/cli.js";
import { age, printable, readAge, size } from "../src/words.js";
import { account, bucket, sweptBucket } from "./swept-bucket.js";

const environment = { OSS_ACCESS_KEY_ID: account.accessKeyId, OSS_ACCESS_KEY_SECRET: account.accessKeySecret };

async function printed(args: readonly string[], variables: Record<string, string> = environment): Promise<string> {
  let text = "";
  await run(args, variables, (piece) => {
    text += piece;
  });
  return text;
}

describe("a bucket", () => {
  test("is listed, swept, and clean", async () => {
    const { options, begin, keys } = await sweptBucket();
    const id = await begin("videos/a\u001b[2J.mp4", 9, ["x".repeat(1536)]);
    await begin("videos/b.mp4", 1);
    const of = ["--bucket", bucket, "--region", "cn-hangzhou", "--endpoint", options.endpoint ?? ""];

    expect(await printed(of)).toBe(
      `    9 d     1.5 KiB  ${id}  videos/a\\u{1b}[2J.mp4\n1 unfinished upload older than 7d, 1.5 KiB; 1 younger. ` +
        "Nothing was changed: --abort aborts them, --lifecycle prints the rule that does it every day.\n",
    );
    expect(await printed([...of, "--older-than", "12h", "--prefix", "videos/b", "--abort"])).toMatch(
      /^ +24 h +0 B +\w+ {2}videos\/b\.mp4\n1 unfinished upload older than 12h, 0 B; 0 younger\. Aborted: 1\.\n$/,
    );
    expect(keys()).toEqual(["videos/a\u001b[2J.mp4"]);
    expect(await printed([...of, "--abort"])).toContain("Aborted: 1.");
    expect(await printed(of)).toBe("0 unfinished uploads older than 7d, 0 B; 0 younger.\n");
  });

  test("is not asked for the rule, which is the one of the documents", async () => {
    const readme = readFileSync(new URL("../../../docs/bucket.md", import.meta.url), "utf8");
    const [, documented] = /```xml\n(<LifecycleConfiguration>[\s\S]*?)```/.exec(readme) ?? [];

    expect(await printed(["--lifecycle", "--prefix", "videos/", "--older-than", "14d"], {})).toBe(documented);
    expect(await printed(["--lifecycle", "--prefix", "a&b<", "--older-than", "90m"], {})).toMatch(
      /<Prefix>a&#38;b&#60;<\/Prefix>[\s\S]*<Days>1<\/Days>/,
    );
  });
});

describe("arguments", () => {
  const place = ["--bucket", bucket, "--region", "cn-hangzhou"];

  test.each<[string, string[], Record<string, string>, RegExp]>([
    ["no bucket", ["--region", "cn-hangzhou"], environment, /--bucket NAME is needed/],
    ["no region", ["--bucket", bucket], environment, /--region REGION is needed/],
    ["no key", place, {}, /OSS_ACCESS_KEY_ID and OSS_ACCESS_KEY_SECRET are needed/],
    ["no secret", place, { OSS_ACCESS_KEY_ID: "a", OSS_ACCESS_KEY_SECRET: "" }, /are needed in the environment/],
    ["an age without a unit", [...place, "--older-than", "7"], environment, /--older-than 7 is not a number/],
    ["a style that is none", [...place, "--addressing", "dns"], environment, /the addressing "dns"/],
    ["what is unknown", [...place, "--delete"], environment, /Unknown option '--delete'/],
    ["what stands alone", [...place, "all"], environment, /Unexpected argument 'all'/],
  ])("%s: it is said what is missing", async (_, args, variables, message) => {
    await expect(printed(args, variables)).rejects.toThrow(message);
  });

  test("ages and sizes are read and written in one unit", () => {
    expect(["90m", "36h", "7d", "0m"].map(readAge)).toEqual([5_400_000, 129_600_000, 604_800_000, 0]);
    expect([0, 119 * 60_000, 47 * 3_600_000, 48 * 3_600_000, -5].map(age)).toEqual([
      "0 min",
      "119 min",
      "47 h",
      "2 d",
      "0 min",
    ]);
    expect([undefined, 0, 1023, 1024, 1.5 * 2 ** 20, 2 ** 40].map(size)).toEqual([
      "?",
      "0 B",
      "1023 B",
      "1.0 KiB",
      "1.5 MiB",
      "1024.0 GiB",
    ]);
    expect(printable("a\n\u202eb 文")).toBe("a\\u{a}\\u{202e}b 文");
  });
});

test("the command runs, and ends with 1 when something failed", () => {
  const bin = fileURLToPath(new URL("../bin/ossicle-sweep.mjs", import.meta.url));
  const command = (...args: string[]) => spawnSync(process.execPath, [bin, ...args], { encoding: "utf8", env: {} });

  const helped = command("--help");
  const failed = command();

  expect([helped.status, helped.stderr, helped.stdout]).toEqual([0, "", expect.stringContaining("--older-than AGE")]);
  expect([failed.status, failed.stdout, failed.stderr]).toEqual([1, "", "ossicle-sweep: --bucket NAME is needed\n"]);
});
