/** A page with `<ossicle-upload>` as a plain site has it: a few lines of HTML, modules by an import map, and a server that signs. */
import { fileURLToPath } from "node:url";
import type { Emulator } from "@ossicle/oss-emulator";
import type { Page } from "@playwright/test";
import { rolldown } from "rolldown";
import { createSignHandler } from "../../packages/core/src/server/index.js";
import type { PageServer, SiteFile } from "./page-server.js";
import { account, bucket } from "./uploading.js";

const entry = fileURLToPath(new URL("../../packages/elements/src/index.ts", import.meta.url));
let bundled: Promise<Readonly<Record<string, SiteFile>>> | undefined;

/** Once per worker of Playwright. @returns the files of the package, the first of which is elements.js */
function bundleElements(): Promise<Readonly<Record<string, SiteFile>>> {
  bundled ??= (async () => {
    const build = await rolldown({ input: { elements: entry }, external: ["@ossicle/core"], platform: "browser" });
    const { output } = await build.generate({ format: "esm" });
    await build.close();
    const chunks = output.flatMap((file) => (file.type === "chunk" ? [file] : []));
    return Object.fromEntries(
      chunks.map(({ fileName, code }) => [fileName, { type: "text/javascript; charset=utf-8", text: code }]),
    );
  })();
  return bundled;
}

export interface ElementsPage {
  readonly url: string;
  /** What was asked of the server that signs; each test may refuse. */
  readonly signing: { status: number };
}

/** @param html with `<ossicle-upload …>`; what says where files go is added to each */
export async function openElements(
  page: Page,
  pageServer: PageServer,
  emulator: Emulator,
  html: string,
  { lang = "en", csp }: { readonly lang?: string; readonly csp?: string } = {},
): Promise<ElementsPage> {
  const place = `region="${emulator.region}" bucket="${bucket}" endpoint="${emulator.endpoint}" addressing="path" sign-at="/api/sign"`;
  const url = pageServer.page({
    files: await bundleElements(),
    body: `<main>${html.replaceAll("<ossicle-upload", `<ossicle-upload ${place}`)}</main>
<script type="module" nonce="harness">
  document.documentElement.lang = ${JSON.stringify(lang)};
  document.documentElement.style.colorScheme = "light dark";
  document.querySelector("body > input").remove();
  await import("./elements.js");
</script>`,
    ...(csp === undefined ? {} : { csp }),
  });
  const signing = { status: 200 };
  const sign = createSignHandler({
    region: emulator.region,
    bucket,
    endpoint: emulator.endpoint,
    addressing: "path",
    credentials: account,
    authorize: (_, requests) => requests.every(({ key }) => key.startsWith("uploads/")),
  });
  await page.route("**/api/sign", async (route) => {
    if (signing.status !== 200) {
      await route.fulfill({ status: signing.status, body: "{}" });
      return;
    }
    const request = route.request();
    const answer = await sign(
      new Request(request.url(), { method: "POST", headers: request.headers(), body: request.postData() ?? "" }),
    );
    await route.fulfill({
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: await answer.text(),
    });
  });
  await page.addInitScript(() => Reflect.deleteProperty(window, "showOpenFilePicker"));
  await page.goto(url);
  await page.getByTestId("drop-zone").first().waitFor();
  return { url, signing };
}
