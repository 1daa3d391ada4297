/** The emulator as somebody tries it: by npx, from its tarball, in a directory where there is nothing. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** @throws Error, with what it said, unless it listens and hands out a token */
export async function startByNpx(directory, packed) {
  const bare = join(directory, "bare");
  mkdirSync(bare);
  const { tarball } = packed.find(({ name }) => name === "@ossicle/oss-emulator");
  // A group of its own: what npx starts is ended with it.
  const child = spawn("npx", ["--yes", "--package", tarball, "oss-emulator", "--port", "0"], {
    cwd: bare,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (text) => {
    said += text;
  });
  try {
    const ended = once(child, "exit").then(([code]) => Promise.reject(new Error(`npx ended with ${code}: ${said}`)));
    const [line] = await Promise.race([once(createInterface({ input: child.stdout }), "line"), ended]);
    const address = line.replace("oss-emulator listens on ", "");
    const answer = await fetch(`${address}/_emulator/sts`, { headers: { origin: "http://localhost:5173" } });
    const { Credentials } = await answer.json();
    if (Credentials?.SecurityToken === undefined) throw new Error(`It handed out no token: ${answer.status}`);
  } finally {
    if (child.exitCode === null) {
      const gone = once(child, "exit");
      process.kill(-child.pid, "SIGTERM");
      await gone;
    }
  }
}
