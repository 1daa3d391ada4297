/** Starts all that the demo needs in one process: the local OSS, the application server, and Vite for the page. */
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Emulator, type EmulatorOptions, isLoopbackName, startEmulator } from "@ossicle/oss-emulator";
import { createServer, type Plugin, type ViteDevServer } from "vite";
import { createApplication } from "./application.js";

export interface DemoOptions {
  /** Directory of the objects, outside of the directories that are served. Default: .data/demo in the repository. */
  readonly data?: string;
  /** Port of the page. Default: 4700. If it is taken the next free one is used; 0 uses any free one. */
  readonly port?: number;
  /** Port of the local OSS. Default: 4701, or any free one if `port` is 0. If it is taken the next free one is used. */
  readonly storePort?: number;
  /** Address to listen on. Default: this machine only. Any other address needs `openToNetwork`. */
  readonly host?: string;
  /** Lets all who reach `host` upload, and read what was uploaded. Default: false. */
  readonly openToNetwork?: boolean;
  /** How long a token is valid. Default: 900,000 (15 minutes). */
  readonly tokenLifeMs?: number;
  /** Watches the sources, so that a reload shows what was changed. Default: false. */
  readonly live?: boolean;
}

export interface Demo {
  /** URL of the page for a browser of this machine. */
  readonly url: string;
  /** URLs of the page for other machines, if `host` lets them in. */
  readonly networkUrls: readonly string[];
  readonly port: number;
  readonly data: string;
  readonly bucket: string;
  readonly emulator: Emulator;
  /** Stops everything. The objects stay. */
  close(): Promise<void>;
}

export const defaultPort = 4700;
const demoDirectory = fileURLToPath(new URL("..", import.meta.url));
const repository = fileURLToPath(new URL("../..", import.meta.url));
/** The directories that Vite may serve: the page, the library with its elements, and what Vite itself adds. */
const served = [
  demoDirectory,
  join(repository, "packages/core"),
  join(repository, "packages/elements"),
  join(repository, "node_modules"),
];
const bucket = "user-files";

/**
 * @throws Error if another demo uses the data directory
 * @throws TypeError if the data directory is within what is served, or if `host` opens the demo to a network without
 * `openToNetwork`
 */
export async function startDemo(options: DemoOptions = {}): Promise<Demo> {
  const { port = defaultPort, storePort = port === 0 ? 0 : 4701, host } = options;
  const data = resolve(options.data ?? join(repository, ".data/demo"));
  checkPlace(data);
  checkHost(host, options.openToNetwork ?? false);
  // Signs links and requests. Only this process knows the secret, and it ends with the process.
  const account = { accessKeyId: "demo-application", accessKeySecret: randomBytes(24).toString("base64") };
  const emulator = await startOnFreePort({
    data,
    buckets: [bucket],
    accounts: [account],
    control: true,
    port: storePort,
    ...(host === undefined ? {} : { host }),
  });
  const application = createApplication({
    emulator,
    bucket,
    account,
    tokenLifeMs: options.tokenLifeMs ?? 900_000,
    endpointFor: (request) => {
      if (host === undefined) return emulator.endpoint;
      const { hostname } = new URL(`http://${request.headers.host ?? "127.0.0.1"}`);
      return `http://${hostname}:${emulator.port}`;
    },
  });
  let vite: ViteDevServer | undefined;
  const close = async () => {
    await vite?.close();
    await emulator.close();
  };
  try {
    vite = await createServer(viteConfig({ plugin: serving(application), port, host, live: options.live ?? false }));
    await vite.listen();
  } catch (error) {
    await close();
    throw error;
  }
  const url = vite.resolvedUrls?.local[0] ?? `http://localhost:${port}/`;
  const networkUrls = vite.resolvedUrls?.network ?? [];
  return { url, networkUrls, port: Number(new URL(url).port), data, bucket, emulator, close };
}

function checkPlace(data: string): void {
  const around = served.find((directory) => !/^\.\.|^([a-z]:)?[\\/]/i.test(relative(directory, data)));
  if (around === undefined) return;
  throw new TypeError(`--data ${data} is in ${around}, which is served to the page: choose a directory outside of it`);
}

function checkHost(host: string | undefined, isOpen: boolean): void {
  if (host === undefined || isLoopbackName(host) || isOpen) return;
  throw new TypeError(
    `--host ${host} lets all who reach this machine upload to it and read what was uploaded: say --open-to-network too`,
  );
}

/** @throws Error if none of 21 ports from the wanted one on is free, or if the emulator cannot start for another reason */
async function startOnFreePort(options: EmulatorOptions & { readonly port: number }): Promise<Emulator> {
  for (let port = options.port; ; port += 1) {
    try {
      return await startEmulator({ ...options, port });
    } catch (error) {
      const cause = error instanceof Error ? error.cause : undefined;
      const isTaken = cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE";
      if (!isTaken || port >= options.port + 20) throw error;
    }
  }
}

/**
 * Puts the application server into Vite's. It stands behind Vite's check of the Host header, so that a page of another site
 * cannot get tokens by a host name of its own. Odd targets are refused before Vite sees them: it parses them outside of any
 * `catch`, and `GET http://[` would end the process.
 */
function serving(application: ReturnType<typeof createApplication>): Plugin {
  return {
    name: "ossicle-demo-application",
    configureServer: ({ middlewares, httpServer }) => {
      middlewares.use(application);
      const listeners = httpServer?.listeners("request") ?? [];
      httpServer?.removeAllListeners("request").on("request", (request: IncomingMessage, response: ServerResponse) => {
        if (isOrdinary(request.url)) for (const listener of listeners) listener.call(httpServer, request, response);
        else response.writeHead(400, { Connection: "close" }).end();
      });
    },
  };
}

/** True for a path with or without a query, which is what browsers send. */
function isOrdinary(target = ""): boolean {
  return target.startsWith("/") && URL.canParse(target, "http://demo");
}

/** Removes Vite's client from the page: it reloads the page when the server comes back, where uploads shall go on instead. */
const pageWithoutVite: Plugin = {
  name: "ossicle-demo-no-client",
  transformIndexHtml: {
    order: "post",
    handler: (html) => html.replace(/<script[^>]*src="\/@vite\/client"[^>]*><\/script>\s*/, ""),
  },
};

interface PageServer {
  readonly plugin: Plugin;
  readonly port: number;
  readonly host: string | undefined;
  readonly live: boolean;
}

function viteConfig({ plugin, port, host, live }: PageServer) {
  return {
    configFile: false as const,
    root: demoDirectory,
    appType: "mpa" as const,
    clearScreen: false,
    logLevel: "warn" as const,
    plugins: [plugin, pageWithoutVite],
    // The library and its two dependencies are modules already. If Vite bundled them it would reload the page afterwards.
    optimizeDeps: { noDiscovery: true, include: [] },
    server: {
      port,
      cors: false,
      ...(host === undefined ? {} : { host }),
      watch: live ? {} : null,
      // By default Vite serves the whole workspace. .data is where objects of an older demo may still lie.
      fs: { allow: served, deny: [".env", ".env.*", "*.{crt,pem}", "**/.git/**", "**/.data/**"] },
      hmr: false as const,
      ws: false as const,
    },
  };
}
