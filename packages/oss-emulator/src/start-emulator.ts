/** Composition root: options in, a listening emulator out. */
import { join } from "node:path";
import { Accounts } from "./auth/accounts.js";
import { createControl } from "./control/control.js";
import { routes, tokenRoute } from "./control/routes.js";
import { checkCorsRules } from "./cors.js";
import type { Emulator } from "./emulator.js";
import { FaultList } from "./faults/fault-list.js";
import { Connections } from "./http/connections.js";
import type { HandlerContext } from "./http/handler.js";
import { inspector } from "./inspect.js";
import { callbackKey } from "./operations/callback-key.js";
import { defaultAccount, type EmulatorOptions, resolveBucket, resolveSink } from "./options.js";
import { RequestLog } from "./request-log.js";
import { createServer, type Server } from "./server.js";
import type { Bucket } from "./service.js";
import { BodyDigests } from "./storage/body-digests.js";
import { BucketStore } from "./storage/bucket-store.js";
import { lockDirectory } from "./storage/directory-lock.js";

async function openBuckets(options: EmulatorOptions, now: number): Promise<Map<string, Bucket>> {
  const resolved = options.buckets.map(resolveBucket);
  if (resolved.length === 0) throw new TypeError("buckets: at least one is needed");
  const { isSink, hashing } = resolveSink(options.sink);
  const buckets = new Map<string, Bucket>();
  for (const { name, cors, acl, domains, ownDomainOnly } of resolved) {
    const store = await BucketStore.open(join(options.data, name), isSink);
    const digests = new BodyDigests(hashing);
    buckets.set(name, { name, cors, acl, domains, ownDomainOnly, createdAt: now, store, digests });
  }
  return buckets;
}

/**
 * Starts an emulator. Objects, uploads and parts that an earlier one left in `data` are there again.
 *
 * @throws TypeError if an option makes no sense
 * @throws Error if the port is taken, the directory is in use, or a record in it is damaged
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const unlock = await lockDirectory(options.data);
  try {
    return await start(options, unlock);
  } catch (error) {
    await unlock();
    throw error;
  }
}

/** The parts of an emulator that does not listen yet. */
interface Made {
  readonly context: HandlerContext;
  readonly accounts: Accounts;
  readonly connections: Connections;
  readonly buckets: ReadonlyMap<string, Bucket>;
  /** Aborted when the emulator closes. */
  readonly closing: AbortController;
  /** Milliseconds that the service's clock is ahead of real time. */
  clockOffsetMs(): number;
}

async function make(options: EmulatorOptions): Promise<Made> {
  const { region = "cn-hangzhou", now: realNow = Date.now, listPartsCrc = true, postObjectCrc = true } = options;
  let clockOffsetMs = 0;
  const now = (): number => realNow() + clockOffsetMs;
  const buckets = await openBuckets(options, now());
  const { accounts: keys = [defaultAccount], expiredTokenAnswer = "SecurityTokenExpired" } = options;
  const accounts = new Accounts(keys, expiredTokenAnswer, realNow);
  const connections = new Connections();
  const closing = new AbortController();
  const context: HandlerContext = {
    service: {
      ...{ region, buckets, connections, now, listPartsCrc, postObjectCrc },
      callbackKey: callbackKey(options.callbackKey),
      closing: closing.signal,
    },
    verifier: { accounts, region, now },
    log: new RequestLog(),
    faults: new FaultList(() => connections.closeIdleOfBrowsers()),
    hostNames: {
      isBucket: (name) => buckets.has(name),
      bucketOfDomain: (hostname) => [...buckets.values()].find(({ domains }) => domains.includes(hostname))?.name,
    },
    faultTools: {
      expireToken: (accessKeyId, as) => accessKeyId !== undefined && accounts.expireTokens(as, accessKeyId) > 0,
      dropUploadOf: async ({ target }) => {
        await buckets.get(target.bucket ?? "")?.store.abortUpload(target.query.get("uploadId") ?? "");
      },
      skewClock: (ms) => {
        clockOffsetMs = ms;
      },
    },
  };
  return { context, accounts, connections, buckets, closing, clockOffsetMs: () => clockOffsetMs };
}

async function start(options: EmulatorOptions, unlock: () => Promise<void>): Promise<Emulator> {
  const { host = "127.0.0.1", clientTimeoutMs = 60_000 } = options;
  const made = await make(options);
  const { context, connections } = made;
  const served = options.control === true ? routes : options.tokens === true ? [tokenRoute] : [];
  const control = served.length === 0 ? undefined : createControl({ emulator: () => emulator, routes: served }, host);
  const server = createServer({ context, connections, clientTimeoutMs, control });
  const port = await server.listen(options.port ?? 0, host);
  const emulator: Emulator = {
    endpoint: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    port,
    region: context.service.region,
    get callbackPublicKey() {
      return context.service.callbackKey.publicKey;
    },
    ...keysAndRules(made),
    ...requestsOf(context),
    ...inspector(made.buckets),
    faults: context.faults,
    network: connections,
    close: () => close(made, server, unlock),
  };
  return emulator;
}

function keysAndRules({
  accounts,
  buckets,
  context,
  clockOffsetMs,
}: Made): Pick<Emulator, "issueToken" | "revokeToken" | "expireTokens" | "setPermissions" | "setCors" | "skewClock"> {
  return {
    issueToken: (options) => accounts.issueToken(options, clockOffsetMs()),
    revokeToken: (accessKeyId) => accounts.revokeToken(accessKeyId),
    expireTokens: ({ as, accessKeyId } = {}) => accounts.expireTokens(as, accessKeyId),
    setPermissions: (accessKeyId, permissions) => accounts.setPermissions(accessKeyId, permissions),
    setCors: (name, rules) => {
      const bucket = buckets.get(name);
      if (bucket === undefined) throw new Error(`setCors: there is no bucket "${name}"`);
      checkCorsRules(rules);
      bucket.cors = rules;
    },
    skewClock: context.faultTools.skewClock,
  };
}

function requestsOf({
  log,
}: HandlerContext): Pick<Emulator, "requests" | "clearRequests" | "waitForRequest" | "onRequest"> {
  return {
    // One array for the emulator's life, so that a copy of this reference stays live.
    requests: log.entries,
    clearRequests: () => log.clear(),
    waitForRequest: (matches, signal) => log.waitFor(matches, signal),
    onRequest: (listener) => log.subscribe(listener),
  };
}

async function close({ closing, context, connections, buckets }: Made, server: Server, unlock: () => Promise<void>) {
  closing.abort();
  const closed = server.close();
  context.faults.clear();
  connections.closeAll();
  await server.idle();
  await closed;
  await Promise.all([...buckets.values()].map(({ store }) => store.bodies.removalsDone()));
  await unlock();
}
