/** Serves pages that use the library as a plain site would: files, an import map, no bundler. */
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { libraryDirectory } from "./build-library.js";

export interface PageServer {
  /** Without a slash at the end. */
  readonly origin: string;
  /** @returns the URL of a new page with one `<input type="file">` */
  page(options?: PageOptions): string;
  close(): Promise<void>;
}

export interface PageOptions {
  /** Content-Security-Policy of the page and of every file below it, workers too. Inline needs 'nonce-harness'. */
  readonly csp?: string;
  /** Further headers of the page and of every file below it. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Files of the library that are answered with 404, e.g. "worker.js". */
  readonly missing?: readonly string[];
  /** Where the library is loaded from. Default: the page's own origin. */
  readonly library?: "own-origin" | "other-origin";
  /** Further files of the site, by name, e.g. "service-worker.js". */
  readonly files?: Readonly<Record<string, SiteFile>>;
  /** Put into the body after the file input. */
  readonly body?: string;
}

export interface SiteFile {
  /** The content type, e.g. "text/javascript". */
  readonly type: string;
  readonly text: string;
}

/** @param listen how a server comes to listen at 127.0.0.1. Default: on this machine */
export async function startPageServer(listen: (server: Server) => Promise<unknown> = listenHere): Promise<PageServer> {
  const pages: PageOptions[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse) =>
    respond(pages, otherOrigin, request).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      (cause: unknown) => response.writeHead(500).end(String(cause)),
    );
  const [main, other] = [createServer(answer), createServer(answer)];
  await Promise.all([listen(main), listen(other)]);
  const otherOrigin = originOf(other);

  return {
    origin: originOf(main),
    page(options = {}) {
      pages.push(options);
      return `${originOf(main)}/${pages.length - 1}/`;
    },
    async close() {
      await Promise.all([main, other].map(stop));
    },
  };
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** Paths are /{page}/ and /{page}/{file}, so that a page's headers are those of its files. */
async function respond(pages: readonly PageOptions[], otherOrigin: string, request: IncomingMessage): Promise<Answer> {
  const [, number = "", file = ""] = new URL(request.url ?? "/", "http://localhost").pathname.split("/");
  const page = number === "" ? undefined : pages[Number(number)];
  const notFound = { status: 404, headers: { "content-type": "text/plain" }, body: "not found" };
  if (page === undefined || page.missing?.includes(file) === true) return notFound;
  const headers = {
    "cache-control": "no-store",
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
    ...(page.csp === undefined ? {} : { "content-security-policy": page.csp }),
    ...page.headers,
  };
  if (file === "") {
    const library = page.library === "other-origin" ? `${otherOrigin}/${number}/` : "./";
    return {
      status: 200,
      headers: { ...headers, "content-type": "text/html; charset=utf-8" },
      body: html(page, library),
    };
  }
  const own = page.files?.[file];
  if (own !== undefined) return { status: 200, headers: { ...headers, "content-type": own.type }, body: own.text };
  try {
    const body = await readFile(join(libraryDirectory(), file));
    const type = file.endsWith(".map") ? "application/json" : "text/javascript; charset=utf-8";
    return { status: 200, headers: { ...headers, "content-type": type }, body };
  } catch {
    return notFound;
  }
}

function html(page: PageOptions, library: string): string {
  const imports = {
    "@ossicle/core": `${library}index.js`,
    "ossicle-pool": `${library}pool.js`,
    "ossicle-checkpoints": `${library}checkpoints.js`,
    "ossicle-wild-app": `${library}wild-app.js`,
  };
  return `<!doctype html>
<meta charset="utf-8">
<title>Ossicle</title>
<link rel="icon" href="data:,">
<script type="importmap" nonce="harness">${JSON.stringify({ imports })}</script>
<input type="file" multiple aria-label="files">
${page.body ?? ""}
`;
}

async function listenHere(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
}

/** A name, not a number: browsers treat both as secure, but only a name may have an RP id, and hosts are what CORS rules list. */
function originOf(server: Server): string {
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
