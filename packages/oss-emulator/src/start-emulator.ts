/** Composition root: options in, a listening emulator out. */
import http from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Accounts } from "./auth/accounts.js";
import { claimedAccessKeyId } from "./auth/verify.js";
import { controlPath, createControl } from "./control/control.js";
import { checkCorsRules } from "./cors.js";
import type { Emulator } from "./emulator.js";
import { FaultList } from "./faults/fault-list.js";
import { Connections } from "./http/connections.js";
import { isElsewhere, serveElsewhere } from "./http/elsewhere.js";
import { type HandlerParts, handle, isBrowser } from "./http/handler.js";
import { Patience } from "./http/patience.js";
import { splitUrl } from "./http/target.js";
import { inspector } from "./inspect.js";
import { defaultAccount, type EmulatorOptions, resolveBucket, resolveSink } from "./options.js";
import { RequestLog } from "./request-log.js";
import type { Bucket, Service } from "./service.js";
import { BodyDigests } from "./storage/body-digests.js";
import { BucketStore } from "./storage/bucket-store.js";
import { lockDirectory } from "./storage/directory-lock.js";

async function openBuckets(options: EmulatorOptions, now: number): Promise<Map<string, Bucket>> {
  const resolved = options.buckets.map(resolveBucket);
  if (resolved.length === 0) throw new TypeError("buckets: at least one is needed");
  const { isSink, hashing } = resolveSink(options.sink);
  const buckets = new Map<string, Bucket>();
  for (const { name, cors, acl, domains } of resolved) {
    const store = await BucketStore.open(join(options.data, name), isSink);
    const digests = new BodyDigests(hashing);
    buckets.set(name, { name, cors, acl, domains, createdAt: now, store, digests });
  }
  return buckets;
}

function listen(server: http.Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const reason = cause.code === "EADDRINUSE" ? "another program has this port" : cause.message;
      reject(new Error(`cannot listen on ${host}:${port}: ${reason}`, { cause }));
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

/**
 * Starts an emulator. What an earlier one left in `data` is there again.
 *
 * @throws TypeError for options that make no sense
 * @throws Error when the port is taken or the directory in use
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { host = "127.0.0.1", region = "cn-hangzhou", now: realNow = Date.now } = options;
  const unlock = await lockDirectory(options.data);
  try {
    return await start(options, { host, region, realNow, unlock });
  } catch (error) {
    await unlock();
    throw error;
  }
}

interface Resolved {
  readonly host: string;
  readonly region: string;
  readonly realNow: () => number;
  readonly unlock: () => Promise<void>;
}

async function start(options: EmulatorOptions, resolved: Resolved): Promise<Emulator> {
  const { host, region, realNow, unlock } = resolved;
  const { clientTimeoutMs = 60_000 } = options;
  let clockOffsetMs = 0;
  const now = (): number => realNow() + clockOffsetMs;
  const skewClock = (ms: number): void => {
    clockOffsetMs = ms;
  };
  const buckets = await openBuckets(options, now());
  const accounts = new Accounts(
    options.accounts ?? [defaultAccount],
    options.expiredTokenAnswer ?? "SecurityTokenExpired",
    realNow,
  );
  const connections = new Connections();
  const log = new RequestLog();
  const faults = new FaultList(() => connections.closeIdleOfBrowsers());
  const closing = new AbortController();
  const service: Service = {
    region,
    buckets,
    connections,
    now,
    listPartsCrc: options.listPartsCrc ?? true,
    closing: closing.signal,
  };
  const parts: HandlerParts = {
    service,
    verifier: { accounts, region, now },
    log,
    faults,
    hostNames: {
      isBucket: (name) => buckets.has(name),
      bucketOfDomain: (hostname) => [...buckets.values()].find(({ domains }) => domains.includes(hostname))?.name,
    },
    world: {
      expireTokenOf: (exchange, as) => {
        const accessKeyId = claimedAccessKeyId(exchange.headers.authorization, exchange.target.query.pairs);
        return accessKeyId !== undefined && accounts.expireTokens(as, accessKeyId) > 0;
      },
      dropUploadOf: async ({ target }) => {
        await buckets.get(target.bucket ?? "")?.store.abortUpload(target.query.get("uploadId") ?? "");
      },
      skewClock,
    },
  };

  const active = new Set<Promise<void>>();
  const server = http.createServer({
    // A large body takes its time; one that stops is for `Patience`.
    requestTimeout: 0,
    // Node would otherwise take it from `requestTimeout`, and wait for ever.
    headersTimeout: clientTimeoutMs,
    connectionsCheckingInterval: Math.min(clientTimeoutMs || 30_000, 30_000),
    keepAliveTimeout: 60_000,
    maxHeaderSize: 64 * 1024,
  });
  const control = options.control === true ? createControl(() => emulator, host) : undefined;
  const onRequest = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    const goesElsewhere = isElsewhere(request);
    const isControl =
      control !== undefined && !goesElsewhere && splitUrl(request.url ?? "").path.startsWith(controlPath);
    if (connections.isCut && !isControl) {
      request.socket.resetAndDestroy();
      return;
    }
    const connection = connections.begin(request.socket, { isControl, isBrowser: isBrowser(request) });
    const patience = new Patience(request, clientTimeoutMs);
    const work = goesElsewhere
      ? serveElsewhere(log, request, response, connection.connection, patience)
      : isControl
        ? control(request, response, patience)
        : handle(parts, request, response, connection, patience);
    const tracked = work
      .catch((error: unknown) => {
        console.error("oss-emulator: a request could not be answered", error);
        request.socket.destroy();
      })
      .finally(() => {
        patience.end();
        connection.end();
        active.delete(tracked);
        // A fault that breaks connections may have been armed while this one was busy.
        if (faults.endsConnections) connections.closeIdleOfBrowsers();
      });
    active.add(tracked);
  };
  server.on("request", onRequest);
  // With a listener Node leaves "continue" to us: it is said when the body is wanted.
  server.on("checkContinue", onRequest);
  server.on("connection", (socket) => {
    if (connections.isCut && control === undefined) socket.resetAndDestroy();
    else connections.add(socket);
  });
  const port = await listen(server, options.port ?? 0, host);

  const emulator: Emulator = {
    endpoint: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    port,
    region,
    issueToken: (tokenOptions) => accounts.issueToken(tokenOptions, clockOffsetMs),
    revokeToken: (accessKeyId) => accounts.revokeToken(accessKeyId),
    expireTokens: ({ as, accessKeyId } = {}) => accounts.expireTokens(as, accessKeyId),
    setPermissions: (accessKeyId, permissions) => accounts.setPermissions(accessKeyId, permissions),
    setCors: (name, rules) => {
      const bucket = buckets.get(name);
      if (bucket === undefined) throw new Error(`setCors: there is no bucket "${name}"`);
      checkCorsRules(rules);
      bucket.cors = rules;
    },
    skewClock,
    get requests() {
      return log.entries;
    },
    clearRequests: () => log.clear(),
    waitForRequest: (matches, signal) => log.waitFor(matches, signal),
    onRequest: (listener) => log.subscribe(listener),
    ...inspector(buckets),
    faults,
    network: connections,
    close: async () => {
      closing.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      faults.clear();
      connections.closeAll();
      await Promise.all(active);
      await closed;
      await Promise.all([...buckets.values()].map(({ store }) => store.bodies.settled()));
      await unlock();
    },
  };
  return emulator;
}
