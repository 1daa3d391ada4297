/** No library at all: one PUT of the whole file, or slices of it six at a time, which is the most that a browser can do. */
import type { Start, Task } from "./contestant.js";

const most = 6;

export const start: Start = (files, task) => putLanes(files, task, task.watched ? watchedTogether(files) : undefined);

/** @returns what adds up what has left of all requests, as a page would to draw one bar */
function watchedTogether(files: readonly File[]): (name: string) => (sent: number) => void {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const sentOf = new Map<string, number>();
  return (name) => (sent) => {
    sentOf.set(name, sent);
    window.bench.tell([...sentOf.values()].reduce((sum, each) => sum + each, 0) / size);
  };
}

/** @param begins is told of each request; what it returns, how many bytes of it are out */
export async function putLanes(
  files: readonly File[],
  task: Task,
  begins?: (name: string, size: number) => (sent: number) => void,
): Promise<void> {
  const jobs = files.flatMap((file, index) => {
    const name = files.length === 1 ? task.key : `${task.key}-${index}`;
    return cut(file, task.partSize).map((body, part) => {
      const partName = `${name}.${part}`;
      return { body, name: partName, onSent: begins?.(partName, body.size) };
    });
  });
  const lane = async () => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) await put(job, task);
  };
  const { connections = most } = (task.options ?? {}) as { readonly connections?: number };
  await Promise.all(Array.from({ length: connections }, lane));
}

function cut(file: File, size = file.size): Blob[] {
  const count = Math.ceil(file.size / size);
  return Array.from({ length: count }, (_, i) => file.slice(i * size, Math.min((i + 1) * size, file.size)));
}

interface Job {
  readonly body: Blob;
  readonly name: string;
  readonly onSent: ((sent: number) => void) | undefined;
}

function put({ body, name, onSent }: Job, { oss, bucket }: Task): Promise<void> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    if (onSent !== undefined) xhr.upload.onprogress = ({ loaded }) => onSent(loaded);
    xhr.onload = () => (xhr.status === 200 ? resolve() : reject(new Error(`status ${xhr.status}`)));
    xhr.onerror = () => reject(new Error("no answer"));
    // Nothing signs: the bucket is writable for all.
    xhr.open("PUT", `${oss}/${bucket}/${name}`);
    xhr.send(body);
  });
}
