/** An XMLHttpRequest that sends nothing: a test fires its events. */

export class ScriptedXhr {
  readonly upload: { onprogress?: (event: { loaded: number }) => void; onload?: () => void } = {};
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  onprogress?: (event: { loaded: number }) => void;
  responseType = "";
  status = 0;
  response: ArrayBuffer | null = null;
  responseURL = "";
  readonly requestHeaders: [string, string][] = [];
  opened: readonly [string, string] | undefined;
  sent: unknown;
  aborted = false;
  #headers = "";

  open(method: string, url: string): void {
    new URL(url);
    this.opened = [method, url];
  }
  setRequestHeader(name: string, value: string): void {
    this.requestHeaders.push([name, value]);
  }
  send(body: unknown): void {
    this.sent = body;
  }
  abort(): void {
    this.aborted = true;
  }
  getAllResponseHeaders(): string {
    return this.#headers;
  }

  bytesOut(loaded: number): void {
    this.upload.onprogress?.({ loaded });
  }
  bodyOut(): void {
    this.upload.onload?.();
  }
  answer(status: number, body = "", headers = ""): void {
    this.status = status;
    this.response = new TextEncoder().encode(body).buffer;
    this.#headers = headers;
    this.onload?.();
  }

  /** This double under the browser's type. */
  get asXhr(): XMLHttpRequest {
    return this as unknown as XMLHttpRequest;
  }
}

/** For requests that must go by XMLHttpRequest. */
export const noFetch: typeof globalThis.fetch = () => Promise.reject(new Error("this request is not fetched"));
