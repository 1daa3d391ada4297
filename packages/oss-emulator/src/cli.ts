/** The command `oss-emulator`: runs an emulator until it is told to stop. */
import { parseArgs } from "node:util";
import { defaultCorsRules } from "./cors.js";
import { isLoopbackName } from "./loopback.js";
import { defaultAccount, type EmulatorOptions } from "./options.js";
import { startEmulator } from "./start-emulator.js";

const usualData = ".oss-emulator";
/** As in the lines that the library's README has to paste. */
const usualBucket = "user-files";

const help = `oss-emulator: a strict local Alibaba Cloud OSS

  oss-emulator [options]

  --data DIR             directory for objects, uploads and parts; made if it does not exist; default ${usualData}
  --bucket NAME          a bucket to serve, 3 to 63 of a-z, 0-9 and -; may be given several times; default ${usualBucket}
  --port PORT            TCP port, 0 for any free one; default 9000
  --host ADDRESS         address to listen on; default 127.0.0.1. Any other but a loopback address opens the buckets to a network
  --access-key ID        access key ID; default ${defaultAccount.accessKeyId}
  --access-secret SECRET access key secret, needed with --access-key; default ${defaultAccount.accessKeySecret}
  --region REGION        region that V4 signatures must name; default cn-hangzhou
  --cors-origin ORIGIN   origin of a page that may use the buckets; may be given several times; default *
  --sink HASH            keep no bytes, for benchmarks, and digest all bodies, none, or once for each length
  --control              serve the control API under /_emulator/, to this machine only
  --help                 print this text

Pages of this machine get tokens at /_emulator/sts, as from an application's server.
Prints its address when it listens, and stops at SIGINT or SIGTERM. The exit code is 1 if it cannot start.
`;

const optionTypes = {
  data: { type: "string", default: usualData },
  bucket: { type: "string", multiple: true },
  port: { type: "string", default: "9000" },
  host: { type: "string" },
  "access-key": { type: "string" },
  "access-secret": { type: "string" },
  region: { type: "string" },
  "cors-origin": { type: "string", multiple: true },
  sink: { type: "string" },
  control: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

const sinks = new Map<string, NonNullable<EmulatorOptions["sink"]>>([
  ["all", true],
  ["once", { hash: "once" }],
  ["none", { hash: false }],
]);

/** @returns undefined if only the help is wanted @throws TypeError that says which argument is wrong */
export function parseArguments(args: readonly string[]): EmulatorOptions | undefined {
  const { values } = parseArgs({ args: [...args], options: optionTypes });
  if (values.help) return undefined;
  const { data, bucket: names = [usualBucket], host, region, control } = values;
  const sink = values.sink === undefined ? undefined : sinks.get(values.sink);
  if (sink === undefined && values.sink !== undefined) {
    throw new TypeError(`--sink ${values.sink} is not one of ${[...sinks.keys()].join(", ")}`);
  }
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535)
    throw new TypeError(`--port ${values.port} is not a number from 0 to 65535`);
  const accessKeyId = values["access-key"];
  const accessKeySecret = values["access-secret"];
  if ((accessKeyId === undefined) !== (accessKeySecret === undefined)) {
    throw new TypeError("--access-key and --access-secret must be given together or not at all");
  }
  const origins = values["cors-origin"];
  const cors = origins && defaultCorsRules.map((rule) => ({ ...rule, allowedOrigins: origins }));
  return {
    data,
    port,
    control,
    tokens: true,
    buckets: names.map((name) => (cors === undefined ? name : { name, cors })),
    ...(sink === undefined ? {} : { sink }),
    ...(host === undefined ? {} : { host }),
    ...(region === undefined ? {} : { region }),
    ...(accessKeyId === undefined || accessKeySecret === undefined
      ? {}
      : { accounts: [{ accessKeyId, accessKeySecret }] }),
  };
}

/** The warning for an emulator that is open to a network; undefined if it listens to this machine only. */
export function openness({ host, accounts, control }: EmulatorOptions): string | undefined {
  if (host === undefined || isLoopbackName(host)) return undefined;
  const key = accounts === undefined ? "the access key, which is the default one and known to all," : "the access key";
  const who = `everybody who can reach ${host} and has ${key} can read, write and delete objects`;
  return `${who}.${control === true ? " The control API is for this machine only." : ""}`;
}

/** What to give to a page, in the words of its options. */
function asPasted({ buckets, data }: EmulatorOptions, port: number): string {
  const names = buckets.map((bucket) => (typeof bucket === "string" ? bucket : bucket.name));
  const lines = [
    ...names.map((name) => `  endpoint: "http://${name}.localhost:${port}", addressing: "cname", bucket: "${name}"`),
    `  tokens for pages of this machine: http://localhost:${port}/_emulator/sts`,
    `  what it keeps is in ${data}`,
  ];
  return `${lines.join("\n")}\n`;
}

/** Runs until SIGINT or SIGTERM. @returns the exit code: 0, or 1 if the emulator could not start */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const options = parseArguments(args);
    if (options === undefined) {
      process.stdout.write(help);
      return 0;
    }
    const stopped = new Promise<void>((resolve) => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
    });
    const emulator = await startEmulator(options);
    const warning = openness(options);
    if (warning !== undefined) process.stderr.write(`oss-emulator: open to the network: ${warning}\n`);
    process.stdout.write(`oss-emulator listens on ${emulator.endpoint}\n${asPasted(options, emulator.port)}`);
    await stopped;
    await emulator.close();
    return 0;
  } catch (error) {
    process.stderr.write(`oss-emulator: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}
