/** npm start -- identity-js|amplify [--outputs FILE] [--email ADDRESS] */

import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { readBackend, type Backend } from "./config.ts";
import type { Library } from "./library.ts";
import { tell } from "./story.ts";

const OUTPUTS = fileURLToPath(new URL("../../../.gatehouse/outputs.json", import.meta.url));
const USAGE = "usage: npm start -- identity-js|amplify [--outputs FILE] [--email ADDRESS]";

// Loaded when chosen: each library brings its own megabytes.
const LIBRARIES: Record<string, (backend: Backend) => Promise<Library>> = {
  "identity-js": async (backend) => new (await import("./identity_js.ts")).IdentityJs(backend),
  amplify: async (backend) => new (await import("./amplify.ts")).AmplifyJs(backend),
};

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { outputs: { type: "string", default: OUTPUTS }, email: { type: "string" } },
  });
  const load = LIBRARIES[positionals[0] ?? ""];
  if (!load) throw new Error(USAGE);
  // npm runs this in its own folder, and says where it was called.
  const backend = readBackend(resolve(process.env["INIT_CWD"] ?? "", values.outputs));
  // Mail to example.com reaches nobody, which is right for the local outbox only.
  const email = values.email ?? (backend.endpointUrl && `sample-${randomUUID()}@example.com`);
  if (!email) throw new Error("on AWS, --email must say where the code goes");
  const library = await load(backend);
  console.log(`${library.name} on ${backend.endpointUrl ?? `AWS, ${backend.region}`}`);
  await tell(library, backend, email);
}

// Not before the story's end: a promise that never settles would otherwise leave with 0.
process.exitCode = 1;
main().then(
  () => (process.exitCode = 0),
  (error: Error) => console.error(`error: ${error.message}`),
);
