/** The user's authenticator app: it holds the secret and gives each code once, for a pool takes a code only once. */

import type { Clock } from "./clock.ts";
import { PERIOD, totp } from "./totp.ts";

export class Authenticator {
  readonly #clock: Clock;
  #secret = "";
  #lastCode = "";

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Take the secret; the first code of it. */
  enrol(secret: string): Promise<string> {
    this.#secret = secret;
    return this.nextCode();
  }

  /** A code that was not given before: waits for the next period if need be. */
  async nextCode(): Promise<string> {
    const now = await this.#clock.now();
    const code = totp(this.#secret, now);
    if (code === this.#lastCode) {
      await this.#clock.pass(PERIOD - (now % PERIOD));
      return this.nextCode();
    }
    return (this.#lastCode = code);
  }
}
