/** `pnpm demo`: arguments in, a demo out, until Ctrl-C. */
import { relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Demo, defaultPort, startDemo } from "./start-demo.js";

const help = `pnpm demo [--port PORT] [--host ADDRESS --open-to-network] [--data DIR]

  --port PORT        of the page; default ${defaultPort}, or the next free one
  --host ADDRESS     to listen on; default this machine only, 0.0.0.0 for every network
  --open-to-network  with such a --host: whoever reaches it may upload, and read what was uploaded
  --data DIR         where objects are kept; default .data/demo
`;

const optionTypes = {
  port: { type: "string" },
  host: { type: "string" },
  "open-to-network": { type: "boolean", default: false },
  data: { type: "string" },
  help: { type: "boolean", default: false },
} as const;

/** pnpm runs this in demo/, wherever it was called. */
const calledFrom = process.env.INIT_CWD ?? process.cwd();

function portOf(text: string | undefined): number {
  const port = Number(text ?? defaultPort);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new TypeError(`--port ${text} is not a port`);
}

function introduce({ url, networkUrls, port, data, emulator }: Demo, wantedPort: number): void {
  const inside = relative(calledFrom, data);
  const place = inside.startsWith("..") ? data : inside || ".";
  console.log(`\nOssicle demo: open ${url} – objects are kept in ${place} – Ctrl-C stops it\n`);
  console.log(`The store is a local emulator of OSS at ${emulator.endpoint}; it sends nothing to anybody.`);
  if (wantedPort !== 0 && port !== wantedPort) {
    console.log(
      `Port ${wantedPort} was taken: uploads begun there are not listed here, as a browser keeps them by port.`,
    );
  }
  if (networkUrls.length > 0) {
    console.log(
      `From other machines: ${networkUrls.join(" ")} – browsers want https there, or they withhold WebCrypto.\n` +
        "OPEN TO THE NETWORK: whoever reaches these may upload and read what was uploaded. Faults are for this machine alone.",
    );
  }
}

async function main(): Promise<void> {
  // pnpm hands over the "--" that separates its own arguments.
  const args = process.argv.slice(2).filter((argument) => argument !== "--");
  const { values } = parseArgs({ args, options: optionTypes });
  if (values.help) {
    console.log(help);
    return;
  }
  const port = portOf(values.port);
  const { host, data } = values;
  const demo = await startDemo({
    port,
    live: true,
    openToNetwork: values["open-to-network"],
    ...(host && { host }),
    ...(data && { data: resolve(calledFrom, data) }),
  });
  introduce(demo, port);

  let closing: Promise<void> | undefined;
  const stop = () => {
    // A terminal signals the whole group, and the programs in between pass it on once more.
    closing ??= demo.close();
    closing.then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
}

main().catch((error: unknown) => {
  console.error(`Ossicle demo: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
