/** Runs one of the system's programs to its end. */
import { execFile } from "node:child_process";

/** @returns what it wrote. @throws Error with what it said against it */
export function command(program: string, ...args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { encoding: "utf8" }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${program} ${args.join(" ")}: ${stderr.trim() || error.message}`, { cause: error }));
    });
  });
}
