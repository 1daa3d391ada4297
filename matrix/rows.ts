/** Who can use the library, and what we promise them. No row configures anything for its sake. */

export interface Row {
  readonly name: string;
  /** A directory of `apps`. */
  readonly app: string;
  /** What its author runs before it can be served: programs of its own packages. */
  readonly build?: readonly string[];
  /** A directory of files, after the build; or a server of the app's own, given a port, and what it says when it is ready. */
  readonly serve: { readonly directory: string } | { readonly run: (port: number) => string; readonly ready: RegExp };
  /** Content-Security-Policy of the page and of all its files; `STORE` is where uploads go. */
  readonly policy?: string;
  /** Where the page finds the library, when no bundler brought it along. */
  readonly library?: "own-origin" | "other-origin";
  readonly expected: Expected;
}

/** The worker starts from its own file, or from the same script as text; or the upload fails with this error. */
export type Expected = "file" | "text" | { readonly code: string; readonly hint: RegExp };

const viteBuild = { app: "vite", build: ["vite build"], serve: { directory: "dist" } } as const;
const rollupBuild = {
  app: "rollup",
  build: ["rollup src/index.js --plugin node-resolve --dir dist"],
  serve: { directory: "." },
} as const;

export const consumers: readonly Row[] = [
  { name: "Vite, build", ...viteBuild, expected: "file" },
  {
    name: "Vite, dev",
    app: "vite",
    serve: { run: (port) => `vite --host localhost --port ${port} --strictPort`, ready: /ready in/ },
    expected: "file",
  },
  {
    name: "webpack",
    app: "webpack",
    build: ["webpack --mode production"],
    serve: { directory: "." },
    expected: "file",
  },
  { name: "Rollup", ...rollupBuild, expected: "text" },
  {
    name: "esbuild, one file",
    app: "esbuild",
    build: ["esbuild src/index.js --bundle --minify --format=esm --outfile=dist/index.js"],
    serve: { directory: "." },
    expected: "text",
  },
  {
    name: "esbuild, classic script",
    app: "esbuild",
    build: ["esbuild src/index.js --bundle --minify --outfile=dist/index.js"],
    serve: { directory: "." },
    expected: "text",
  },
  {
    name: "esbuild, splitting",
    app: "esbuild",
    build: ["esbuild src/index.js --bundle --minify --format=esm --splitting --outdir=dist"],
    serve: { directory: "." },
    expected: "text",
  },
  {
    name: "Parcel",
    app: "parcel",
    build: ["parcel build src/index.html"],
    serve: { directory: "dist" },
    expected: "file",
  },
  {
    name: "Next, App Router",
    app: "next",
    build: ["next build"],
    serve: { run: (port) => `next start --hostname localhost --port ${port}`, ready: /Ready in/ },
    expected: "file",
  },
  {
    name: "Next, with webpack",
    app: "next",
    build: ["next build --webpack"],
    serve: { run: (port) => `next start --hostname localhost --port ${port}`, ready: /Ready in/ },
    expected: "file",
  },
  {
    name: "Next, dev",
    app: "next",
    serve: { run: (port) => `next dev --hostname localhost --port ${port}`, ready: /Ready in/ },
    expected: "file",
  },
  {
    name: "no bundler, import map",
    app: "plain",
    serve: { directory: "." },
    library: "own-origin",
    expected: "file",
  },
  {
    name: "no bundler, library from another origin",
    app: "plain",
    serve: { directory: "." },
    library: "other-origin",
    expected: "text",
  },
];

const cannotStart = (hint: RegExp) => ({ code: "worker", hint });

export const policies: readonly Row[] = [
  {
    name: "everything from here",
    ...viteBuild,
    policy: "default-src 'self'; connect-src 'self' STORE",
    expected: "file",
  },
  {
    name: "the same, and WebAssembly",
    ...viteBuild,
    policy: "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' STORE",
    expected: "file",
  },
  {
    name: "the store is not allowed",
    ...viteBuild,
    policy: "default-src 'self'",
    expected: { code: "misconfigured", hint: /connect-src/ },
  },
  {
    name: "workers from Blob URLs only",
    ...viteBuild,
    policy: "default-src 'self'; worker-src blob:; connect-src 'self' STORE",
    expected: "text",
  },
  {
    name: "no workers at all",
    ...viteBuild,
    policy: "default-src 'self'; worker-src 'none'; connect-src 'self' STORE",
    expected: cannotStart(/worker-src 'self' blob:/),
  },
  {
    name: "no Blob URLs, and a bundler that leaves the worker's file behind",
    ...rollupBuild,
    policy: "default-src 'self'; connect-src 'self' STORE",
    expected: cannotStart(/worker-src 'self' blob:.*workers\.create/s),
  },
  {
    name: "trusted types, Blob URLs allowed",
    ...viteBuild,
    policy: "require-trusted-types-for 'script'",
    expected: "text",
  },
  {
    name: "trusted types, and only the app's own policies",
    ...viteBuild,
    policy: "require-trusted-types-for 'script'; trusted-types app",
    expected: cannotStart(/trusted-types.*ossicle/s),
  },
  {
    name: "trusted types, and no Blob URLs",
    ...viteBuild,
    policy: "default-src 'self'; connect-src 'self' STORE; require-trusted-types-for 'script'",
    expected: cannotStart(/workers\.create/),
  },
];
