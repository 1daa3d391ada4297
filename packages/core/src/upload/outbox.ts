/** Tells listeners of every state in order, also when one of them changes the upload again. */
import { callSafely } from "./call-safely.js";

export class Outbox<T> {
  /** Each subscription apart: an app may give the same function twice, and end one of the two. */
  readonly #subscriptions = new Set<{ readonly listener: (value: T) => void }>();
  readonly #waiting: T[] = [];
  #isDelivering = false;

  /** @returns what ends the subscription */
  subscribe(listener: (value: T) => void): () => void {
    const subscription = { listener };
    this.#subscriptions.add(subscription);
    return () => {
      this.#subscriptions.delete(subscription);
    };
  }

  /** Keeps a value until `deliver()`. */
  put(value: T): void {
    this.#waiting.push(value);
  }

  /** A listener that makes further values is told of them when every other listener has been told of this one. */
  deliver(): void {
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    for (let value = this.#waiting.shift(); value !== undefined; value = this.#waiting.shift()) {
      const told = value;
      for (const subscription of [...this.#subscriptions]) {
        // One that another listener has ended is not called any more.
        if (this.#subscriptions.has(subscription)) callSafely(() => subscription.listener(told));
      }
    }
    this.#isDelivering = false;
  }
}
