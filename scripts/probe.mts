/**
 * Asks a real bucket whether what ARCHITECTURE.md assumes of the service is true: `pnpm probe`. Everything it stores it removes.
 * Exits with 1 when an assumption differs, with 2 when it could not ask.
 */
import { assumptions } from "./probe/assumptions.js";
import { type BenchOptions, createBench } from "./probe/bench.js";
import type { Finding } from "./probe/finding.js";

const required = ["OSS_ACCESS_KEY_ID", "OSS_ACCESS_KEY_SECRET", "OSS_REGION", "OSS_BUCKET"] as const;
const optional = {
  OSS_SESSION_TOKEN: "an STS token's",
  OSS_ENDPOINT: "default: the region's public one",
  OSS_KEY_PREFIX: 'default: "ossicle-probe/"',
  OSS_ORIGIN: "a site that the bucket's CORS rule allows; default: https://your.site",
};

function readEnvironment(): BenchOptions | undefined {
  const { env } = process;
  // Also one that is set to nothing, as CI systems do with secrets they do not have.
  const missing = required.filter((name) => !env[name]);
  if (missing.length > 0) {
    console.error(`Not set: ${missing.join(", ")}. The key needs oss:PutObject, oss:GetObject, oss:ListParts,`);
    console.error("oss:AbortMultipartUpload and oss:DeleteObject below OSS_KEY_PREFIX. It may also be told:");
    for (const [name, what] of Object.entries(optional)) console.error(`  ${name.padEnd(18)} ${what}`);
    return undefined;
  }
  return {
    region: env.OSS_REGION ?? "",
    bucket: env.OSS_BUCKET ?? "",
    ...(env.OSS_ENDPOINT ? { endpoint: env.OSS_ENDPOINT } : {}),
    credentials: {
      accessKeyId: env.OSS_ACCESS_KEY_ID ?? "",
      accessKeySecret: env.OSS_ACCESS_KEY_SECRET ?? "",
      ...(env.OSS_SESSION_TOKEN ? { securityToken: env.OSS_SESSION_TOKEN } : {}),
    },
    keyPrefix: env.OSS_KEY_PREFIX || "ossicle-probe/",
    origin: env.OSS_ORIGIN || "https://your.site",
  };
}

async function probe(options: BenchOptions): Promise<number> {
  const bench = createBench(options);
  const findings: Finding[] = [];
  try {
    for (const { number, says, look } of assumptions) {
      const finding = await look(bench).catch((error: Error) => ({ verdict: "unknown" as const, seen: error.message }));
      findings.push(finding);
      console.log(`${number}. ${finding.verdict.padEnd(7)}  ${says}\n            ${finding.seen}`);
    }
  } finally {
    for (const left of await bench.cleanUp()) console.error(`Left behind: ${left}`);
  }
  const count = (verdict: Finding["verdict"]) => findings.filter((finding) => finding.verdict === verdict).length;
  console.log(`\n${count("holds")} hold, ${count("differs")} differ, ${count("unknown")} unknown`);
  if (count("differs") > 0) return 1;
  return count("holds") === 0 ? 2 : 0;
}

try {
  const options = readEnvironment();
  process.exitCode = options === undefined ? 2 : await probe(options);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
