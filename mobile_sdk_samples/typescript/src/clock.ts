/** The time that codes follow: this machine's on AWS, the local cloud's own where there is one. */

import { setTimeout } from "node:timers/promises";

import type { Backend } from "./config.ts";

export interface Clock {
  /** Seconds since the epoch. */
  now(): Promise<number>;
  /** Let so many seconds pass. */
  pass(seconds: number): Promise<void>;
}

export function clockOf({ endpointUrl }: Backend): Clock {
  return endpointUrl === undefined ? realClock : localClock(endpointUrl);
}

const realClock: Clock = {
  now: async () => Date.now() / 1000,
  pass: (seconds) => setTimeout(seconds * 1000),
};

/** The local cloud's clock may be ahead of the real one, and need not be waited for: it can be moved on. */
function localClock(endpointUrl: string): Clock {
  const advance = async (seconds: number): Promise<number> => {
    const body = JSON.stringify({ advance_seconds: seconds });
    const response = await fetch(`${endpointUrl}/_localcloud/clock`, { method: "POST", body });
    if (!response.ok) throw new Error(`the local cloud's clock answers ${response.status}`);
    return ((await response.json()) as { now: number }).now;
  };
  return {
    now: () => advance(0),
    pass: async (seconds) => void (await advance(seconds)),
  };
}
