/** The command `ossicle-sweep`. */
import { parseArgs } from "node:util";
import type { BucketOptions } from "./place.js";
import { type Swept, sweep } from "./sweep.js";
import { age, lifecycleRule, printable, readAge, size } from "./words.js";

const help = `ossicle-sweep: lists the unfinished multipart uploads of a bucket, and aborts old ones

  ossicle-sweep --bucket NAME --region REGION [options]

  --bucket NAME        the bucket
  --region REGION      its region id, e.g. cn-hangzhou
  --endpoint URL       default: the region's public endpoint. A domain of your own needs --addressing cname
  --addressing STYLE   virtual-hosted, path or cname; default: path for IP addresses and localhost, else virtual-hosted
  --prefix PREFIX      only keys that begin with it; default: all
  --older-than AGE     only uploads that began so long ago: 90m, 36h, 7d; default 7d
  --abort              abort them, until none is left. Without it nothing is changed
  --lifecycle          print the bucket's lifecycle rule that does the same every day, and nothing else
  --help               print this text

The key comes from the environment: OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET and, if it is a temporary one, OSS_SESSION_TOKEN.
It needs oss:ListMultipartUploads, oss:ListParts for the bytes, and oss:AbortMultipartUpload for --abort.
The exit code is 1 if something failed or is left.
`;

const optionTypes = {
  bucket: { type: "string" },
  region: { type: "string" },
  endpoint: { type: "string" },
  addressing: { type: "string" },
  prefix: { type: "string", default: "" },
  "older-than": { type: "string", default: "7d" },
  abort: { type: "boolean", default: false },
  lifecycle: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

type Environment = Readonly<Record<string, string | undefined>>;
type Write = (text: string) => void;

/** @param write prints; no text of it is a secret @throws TypeError for wrong arguments; Error for what the service refuses */
export async function run(args: readonly string[], environment: Environment, write: Write): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: optionTypes });
  const olderThanMs = readAge(values["older-than"]);
  const { prefix, abort } = values;
  if (values.help) return write(help);
  if (values.lifecycle) return write(lifecycleRule(prefix, olderThanMs));
  const now = Date.now();
  const swept = await sweep({
    ...bucketOf(values, environment),
    ...{ prefix, olderThanMs, abort },
    onUpload: ({ key, uploadId, initiatedMs }, bytes) => {
      const columns = [
        age(now - initiatedMs).padStart(7),
        size(bytes).padStart(10),
        printable(uploadId),
        printable(key),
      ];
      write(`${columns.join("  ")}\n`);
    },
  });
  write(verdict(swept, values["older-than"], abort));
}

type Named = Partial<Readonly<Record<"bucket" | "region" | "endpoint" | "addressing", string>>>;

function bucketOf({ bucket, region, endpoint, addressing }: Named, environment: Environment): BucketOptions {
  const { OSS_ACCESS_KEY_ID: accessKeyId, OSS_ACCESS_KEY_SECRET: accessKeySecret, OSS_SESSION_TOKEN } = environment;
  if (bucket === undefined) throw new TypeError("--bucket NAME is needed");
  if (region === undefined) throw new TypeError("--region REGION is needed: the bucket's region id, e.g. cn-hangzhou");
  if (!accessKeyId || !accessKeySecret) {
    throw new TypeError("OSS_ACCESS_KEY_ID and OSS_ACCESS_KEY_SECRET are needed in the environment");
  }
  return {
    ...{ bucket, region, endpoint, accessKeyId, accessKeySecret },
    // What it is not is refused where URLs are made.
    addressing: addressing as BucketOptions["addressing"],
    securityToken: OSS_SESSION_TOKEN || undefined,
  };
}

function verdict({ found, bytes, younger, aborted }: Swept, olderThan: string, abort: boolean): string {
  const uploads = (count: number) => `${count} unfinished upload${count === 1 ? "" : "s"}`;
  const first = `${uploads(found)} older than ${olderThan}, ${size(bytes)}; ${younger} younger.`;
  if (abort) return `${first} Aborted: ${aborted}.\n`;
  return `${first}${found === 0 ? "" : " Nothing was changed: --abort aborts them, --lifecycle prints the rule that does it every day."}\n`;
}

/** @returns the exit code */
export async function main(args: readonly string[]): Promise<number> {
  try {
    await run(args, process.env, (text) => void process.stdout.write(text));
    return 0;
  } catch (error) {
    process.stderr.write(`ossicle-sweep: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}
