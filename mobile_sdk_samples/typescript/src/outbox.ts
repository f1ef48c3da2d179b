/** The code that was mailed to the user: read from the local cloud's outbox, or typed in by the user on AWS. */

import { once } from "node:events";
import { createInterface } from "node:readline/promises";

import type { Backend } from "./config.ts";

export async function readCode({ endpointUrl }: Backend, email: string): Promise<string> {
  return endpointUrl === undefined ? askForCode(email) : readOutbox(endpointUrl, email);
}

async function askForCode(email: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const closed = once(terminal, "close").then(() => Promise.reject(new Error("no code was typed in")));
  try {
    return (await Promise.race([terminal.question(`the code that was sent to ${email}: `), closed])).trim();
  } finally {
    terminal.close();
  }
}

async function readOutbox(endpointUrl: string, email: string): Promise<string> {
  const response = await fetch(`${endpointUrl}/_localcloud/outbox?to=${encodeURIComponent(email)}`);
  if (!response.ok) throw new Error(`the outbox answers ${response.status} for ${email}`);
  return ((await response.json()) as { code: string }).code;
}
