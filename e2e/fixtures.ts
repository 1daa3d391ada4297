/** What every spec starts from: a site, a directory, a server that does as told, a browser profile that can be killed. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "@ossicle/oss-emulator";
import { test as base, type LaunchOptions } from "@playwright/test";
import { createFile, type FileShape } from "./support/files.js";
import { type PageServer, startPageServer } from "./support/page-server.js";
import { createProfile, type Profile } from "./support/profile.js";
import { type Script, type ScriptedServer, startScriptedServer } from "./support/scripted-server.js";
import { account, bucket, customDomain, type OpenOptions, openUploader } from "./support/uploading.js";

export interface Fixtures {
  /** Serves pages that use the library. */
  readonly pageServer: PageServer;
  /** For files; gone after the test. */
  readonly directory: string;
  /** A local OSS with one bucket and one account that may do everything; its objects are in `directory`. */
  readonly emulator: Emulator;
  /** Opens the page with an uploader, and in its input one file, film.bin. @returns the file's path */
  readonly openWithFile: (shape: FileShape, options?: OpenOptions) => Promise<string>;
  /** Starts a server for requests; it ends with the test. */
  readonly serve: (script: Script) => Promise<ScriptedServer>;
  /** Opens a new profile; its browser ends with the test. @param more how the browser is started beside what all are */
  readonly launchProfile: (more?: Pick<LaunchOptions, "args" | "ignoreDefaultArgs">) => Profile;
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads off the pattern which fixtures are needed
  pageServer: async ({}, use) => {
    const server = await startPageServer();
    await use(server);
    await server.close();
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above
  directory: async ({}, use) => {
    const directory = await mkdtemp(join(tmpdir(), "ossicle-test-"));
    await use(directory);
    await rm(directory, { recursive: true });
  },
  emulator: async ({ directory }, use) => {
    const buckets = [{ name: bucket, domains: [customDomain] }];
    const emulator = await startEmulator({
      data: join(directory, "objects"),
      buckets,
      accounts: [account],
      tokens: true,
    });
    await use(emulator);
    await emulator.close();
  },
  openWithFile: async ({ page, pageServer, emulator, directory }, use) => {
    await use(async (shape, options) => {
      const path = await createFile(join(directory, "film.bin"), shape);
      await page.goto(pageServer.page());
      await page.setInputFiles("input", path);
      await openUploader(page, emulator, options);
      return path;
    });
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above
  serve: async ({}, use) => {
    const servers: ScriptedServer[] = [];
    await use(async (script) => {
      const server = await startScriptedServer(script);
      servers.push(server);
      return server;
    });
    await Promise.all(servers.map((server) => server.close()));
  },
  launchProfile: async ({ browserName, playwright, launchOptions, directory }, use) => {
    const profiles: Profile[] = [];
    await use((more = {}) => {
      const args = [...(launchOptions.args ?? []), ...(more.args ?? [])];
      const profile = createProfile(playwright[browserName], join(directory, `profile-${profiles.length}`), {
        ...launchOptions,
        ...more,
        args,
      });
      profiles.push(profile);
      return profile;
    });
    await Promise.all(profiles.map((profile) => profile.close()));
  },
});

export { expect } from "@playwright/test";
