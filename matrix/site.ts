/** Where a browser finds an app of the matrix: files with headers of our choice, or the app's own server. */
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { endProgram, startProgram } from "./app.js";

export interface Site {
  /** Without a slash at the end. */
  readonly origin: string;
  close(): Promise<void>;
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".map": "application/json",
};

/** @param change makes what is sent of a file's content */
export async function serveFiles(
  directory: string,
  headers: Readonly<Record<string, string>>,
  change: (content: Buffer, file: string) => Buffer | string = (content) => content,
): Promise<Site> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    const file = join(directory, normalize(path.endsWith("/") ? `${path}index.html` : path));
    readFile(file).then(
      (content) => {
        response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream", ...headers });
        response.end(change(content, file));
      },
      () => response.writeHead(404, { "content-type": "text/html" }).end("not found"),
    );
  });
  await listening(server);
  return { origin: originOf(server), close: () => closed(server) };
}

/** @param ready what the program writes when it can be asked */
export async function serveByProgram(directory: string, run: (port: number) => string, ready: RegExp): Promise<Site> {
  const port = await freePort();
  const child = startProgram(directory, run(port));
  let said = "";
  await new Promise<void>((resolve, reject) => {
    const listen = (data: Buffer) => {
      said += data;
      if (ready.test(said)) resolve();
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.on("close", (code) => reject(new Error(`${run(port)} ended with ${code}\n${said}`)));
  });
  return {
    origin: `http://localhost:${port}`,
    async close() {
      const gone = new Promise((resolve) => child.on("close", resolve));
      endProgram(child);
      await gone;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await listening(server);
  const { port } = server.address() as AddressInfo;
  await closed(server);
  return port;
}

async function listening(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

function originOf(server: Server): string {
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}
