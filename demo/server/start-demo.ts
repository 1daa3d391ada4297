/** One process with all that the demo needs: the local OSS, the application server, and Vite for the page. */
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Emulator, type EmulatorOptions, isLoopbackName, startEmulator } from "@ossicle/oss-emulator";
import { createServer, type Plugin, type ViteDevServer } from "vite";
import { createApplication } from "./application.js";

export interface DemoOptions {
  /** Directory of the objects, outside of what the page is made of. Default: .data/demo of the repository. */
  readonly data?: string;
  /** Of the page. Default 4700. A port that is taken gives way to the next; 0 takes any. */
  readonly port?: number;
  /** Of the local OSS. Default 4701; as above. */
  readonly storePort?: number;
  /** Address to listen on. Default: this machine only. Any other wants `openToNetwork`. */
  readonly host?: string;
  /** Whoever reaches `host` may upload, and read what was uploaded. Default: false. */
  readonly openToNetwork?: boolean;
  /** How long a token is good. Default 900,000. */
  readonly tokenLifeMs?: number;
  /** Look for changed sources, so that a reload shows them. Default: false. */
  readonly live?: boolean;
}

export interface Demo {
  /** Where to point a browser of this machine. */
  readonly url: string;
  /** Where other machines find it, if `host` lets them. */
  readonly networkUrls: readonly string[];
  readonly port: number;
  readonly data: string;
  readonly bucket: string;
  readonly emulator: Emulator;
  /** Resolves when nothing of it is left but the objects. */
  close(): Promise<void>;
}

export const defaultPort = 4700;
const demoDirectory = fileURLToPath(new URL("..", import.meta.url));
const repository = fileURLToPath(new URL("../..", import.meta.url));
/** What Vite may serve: the page, the library, and what Vite itself adds. */
const served = [demoDirectory, join(repository, "packages/core"), join(repository, "node_modules")];
const bucket = "user-files";

/**
 * @throws Error when the data directory is in use by another demo
 * @throws TypeError when it would be served with the page, or when `host` opens the demo to a network and nobody said so
 */
export async function startDemo(options: DemoOptions = {}): Promise<Demo> {
  const { port = defaultPort, storePort = port === 0 ? 0 : 4701, host } = options;
  const data = resolve(options.data ?? join(repository, ".data/demo"));
  checkPlace(data);
  checkHost(host, options.openToNetwork ?? false);
  // Signs the links to objects. Nobody else knows it, and it ends with the process.
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
    `--host ${host} lets whoever reaches this machine upload to it and read what was uploaded: say --open-to-network too`,
  );
}

/** @throws Error when none of twenty ports from the wanted one is free, or for any other reason not to start */
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
 * Behind Vite's check of the Host header: a page of another site cannot ask for tokens under a name of its own. Before Vite
 * itself, which parses a request's target where nothing catches what it throws: `GET http://[` would end the process.
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

/** A path and a query, as browsers send it. */
function isOrdinary(target = ""): boolean {
  return target.startsWith("/") && URL.canParse(target, "http://demo");
}

/** Vite's client reloads the page when its server comes back. Here that is an upload's time to go on by itself. */
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
    // The library and its two dependencies are modules already. Vite need not bundle them, nor reload the page to say so.
    optimizeDeps: { noDiscovery: true, include: [] },
    server: {
      port,
      cors: false,
      ...(host === undefined ? {} : { host }),
      watch: live ? {} : null,
      // Vite would serve the whole workspace. The last is where objects were kept once.
      fs: { allow: served, deny: [".env", ".env.*", "*.{crt,pem}", "**/.git/**", "**/.data/**"] },
      hmr: false as const,
      ws: false as const,
    },
  };
}
