/** A page of an app that uploads with an adapter of ours and the real framework or widget; the library is the page server's. */
import { fileURLToPath } from "node:url";
import type { Emulator } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import { type RolldownPluginOption, rolldown } from "rolldown";
import type { OssStoreOptions } from "../../packages/core/src/index.js";
import { test as base, expect } from "../fixtures.js";
import { account, bucket } from "./uploading.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));

declare global {
  interface Window {
    /** Where the page's uploader uploads to. */
    place: OssStoreOptions;
  }
}

/** What a page of an adapter's package is made of. */
export interface KitPage {
  /** The main file of an app, from the repository's root; it renders into `<main>`. */
  readonly entry: string;
  /** Compilers of the framework. */
  readonly plugins?: readonly RolldownPluginOption[];
}

interface Fixtures {
  readonly openKit: (kit: KitPage) => Promise<void>;
  /** What the page said on its console as warnings and errors; at the end there may be none. */
  readonly problems: string[];
}

export const test = base.extend<Fixtures>({
  problems: [
    async ({ page }, use) => {
      const problems: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
      });
      await use(problems);
      expect(problems).toEqual([]);
    },
    { auto: true },
  ],
  openKit: async ({ page, pageServer, emulator }, use) => {
    await use(async (kit) => {
      const place: OssStoreOptions = {
        ...{ region: emulator.region, bucket, endpoint: emulator.endpoint },
        credentials: account,
      };
      await page.addInitScript((place) => {
        window.place = place;
        // No headless browser has a picker; an input can be given a file.
        Reflect.deleteProperty(window, "showOpenFilePicker");
        // Where it keeps picked files, they go on by themselves after a reload, if it answers in time.
        Reflect.deleteProperty(window, "SharedWorker");
      }, place);
      const app = { type: "text/javascript; charset=utf-8", text: await bundled(kit) };
      const body = '<main></main><script type="module" src="app.js"></script>';
      await page.goto(pageServer.page({ files: { "app.js": app }, body }));
    });
  },
});

export { expect } from "../fixtures.js";

const bundles = new Map<string, Promise<string>>();

/** Once for each process of Playwright's. */
function bundled(kit: KitPage): Promise<string> {
  const bundle = bundles.get(kit.entry) ?? bundleApp(kit);
  bundles.set(kit.entry, bundle);
  return bundle;
}

async function bundleApp({ entry, plugins = [] }: KitPage): Promise<string> {
  const build = await rolldown({
    input: `${repository}${entry}`,
    platform: "browser",
    // The import map's: one library for the page, with its worker beside it.
    external: ["@ossicle/core"],
    resolve: { extensionAlias: { ".js": [".ts", ".tsx", ".js"] } },
    // The development builds of the frameworks, because they warn of mistakes.
    transform: {
      jsx: "react-jsx",
      define: {
        "process.env.NODE_ENV": '"development"',
        __VUE_OPTIONS_API__: "true",
        __VUE_PROD_DEVTOOLS__: "false",
        __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
      },
    },
    plugins: [...plugins],
    // Of "use client", which means nothing in one bundle.
    checks: { moduleLevelDirective: false },
  });
  try {
    const { output } = await build.generate({ format: "esm", codeSplitting: false });
    return output[0].code;
  } finally {
    await build.close();
  }
}

/** For a page around a recipe: in place of its uploader, which asks a server to sign, one that uploads to `window.place`. */
export const ownUploader: RolldownPluginOption = {
  name: "own-uploader",
  resolveId: (id) => (id === "../uploader.js" ? "\0uploader" : null),
  load: (id) =>
    id === "\0uploader"
      ? `import { createUploader, ossStore } from "@ossicle/core";
         export const uploader = createUploader({ store: ossStore(window.place), singlePutBelow: 0 });`
      : null,
};

/** Clicks on what opens a file picker, and picks. */
export async function pick(page: Page, button: string, ...paths: readonly string[]): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: button, exact: true }).click(),
  ]);
  await chooser.setFiles([...paths]);
}

/**
 * Clicks without the wait for an animation frame that `click()` begins with: on a busy machine Chromium draws none for minutes while a page
 * shows nothing that moves.
 */
export async function press(page: Page, button: string): Promise<void> {
  await page.getByRole("button", { name: button, exact: true }).dispatchEvent("click");
}

/** Lets so many parts be stored, and holds all others until the fault is removed. */
export function holdPartsAfter(emulator: Emulator, after: number) {
  const fault = { kind: "hold", when: "before-effect" } as const;
  return emulator.faults.add({ on: "UploadPart", after, times: "always", fault });
}

/** Numbers of parts that were stored more than once. */
export function sentTwice(emulator: Emulator): readonly (number | undefined)[] {
  const stored = emulator.requests
    .filter(({ action, status }) => action === "UploadPart" && status === 200)
    .map(({ partNumber }) => partNumber);
  return stored.filter((number, at) => stored.indexOf(number) !== at);
}
