/** The samples of docs/server-side.md that have names, bundled with the library's sources: Node runs them without TypeScript. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { blocks, nameOf, root } from "./documents.js";

const core = join(root, "packages/core");

export const document = "docs/server-side.md";

/** Of the frameworks as much as the samples use: a route, and what calls its handler. */
const standIns: Readonly<Record<string, string>> = {
  express: `import { createServer } from "node:http";
    export default function express() {
      const routes = new Map();
      const app = (request, response) => {
        const route = routes.get(request.method + " " + request.url.split("?")[0]);
        if (route === undefined) response.writeHead(404).end();
        else route(request, response);
      };
      const add = (method) => (path, handler) => void routes.set(method + " " + path, handler);
      return Object.assign(app, { get: add("GET"), post: add("POST"), listen: (...given) => createServer(app).listen(...given) });
    }`,
  hono: `export class Hono {
      routes = new Map();
      get(path, handler) { this.routes.set("GET " + path, handler); return this; }
      post(path, handler) { this.routes.set("POST " + path, handler); return this; }
      fetch = async (raw) => {
        const route = this.routes.get(raw.method + " " + new URL(raw.url).pathname);
        return route === undefined ? new Response(null, { status: 404 }) : await route({ req: { raw } });
      };
    }`,
};

/** @param names of samples, without ".ts" @returns where each of them is: a module, `<name>.mjs` in `directory` */
export async function bundleSamples(directory: string, names: readonly string[]): Promise<void> {
  for (const code of blocks(document, "ts")) {
    const name = nameOf(code);
    if (name !== undefined) writeFileSync(join(directory, name), code);
  }
  for (const [name, code] of Object.entries(standIns)) writeFileSync(join(directory, `${name}-stand-in.mjs`), code);
  const build = await rolldown({
    input: names.map((name) => join(directory, `${name}.ts`)),
    platform: "node",
    // The frameworks themselves, as `directory` finds them.
    external: [/^koa$/, /^@nestjs\//],
    resolve: {
      alias: {
        "@ossicle/core/server": join(core, "src/server/index.ts"),
        ...Object.fromEntries(
          Object.keys(standIns).map((name) => [name, join(directory, `${name}-stand-in.mjs`)] as const),
        ),
      },
      extensionAlias: { ".js": [".ts", ".js"] },
    },
  });
  await build.write({ dir: directory, format: "esm", entryFileNames: "[name].mjs", chunkFileNames: "[name].mjs" });
  await build.close();
}
