/** What a user of the backend does, one line for each step. A step that is not as it should be throws. */

import { randomBytes } from "node:crypto";

import { Authenticator } from "./authenticator.ts";
import { clockOf } from "./clock.ts";
import type { Backend } from "./config.ts";
import { enterIdentity } from "./identity_map.ts";
import type { Library } from "./library.ts";
import { readCode } from "./outbox.ts";
import { UserData } from "./user_data.ts";

export async function tell(library: Library, backend: Backend, email: string): Promise<void> {
  const password = `Aa1-${randomBytes(18).toString("base64url")}`;
  const authenticator = new Authenticator(clockOf(backend));

  await step(`signs up as ${email}`, () => library.signUp(email, password));
  await step("confirms with the code from the mail", async () =>
    library.confirmSignUp(email, await readCode(backend, email)),
  );
  await step("signs in with the password", () => library.signIn(email, password, notExpected));
  await step("sets up TOTP", () => library.setUpTotp((secret) => authenticator.enrol(secret)));
  await library.signOut();

  await step("signs in with the password and a TOTP code", async () => {
    let asked = false;
    await library.signIn(email, password, () => {
      asked = true;
      return authenticator.nextCode();
    });
    if (!asked) throw new Error("the pool did not ask for the code");
  });
  await step("has this device remembered", () => library.rememberDevice());
  await library.signOut();
  await step("signs in on the remembered device, without a code", () => library.signIn(email, password, notExpected));

  const identity = await step("gets AWS credentials of its own", () => library.identity());
  await step("is in the identity map", async () => {
    const entered = await enterIdentity(backend, identity.tokens);
    if (entered !== identity.id) throw new Error(`the map has ${entered}`);
  });
  const data = new UserData(backend, identity);
  await step(`uploads private/${identity.id}/note.txt`, () => data.upload(identity.id, "note.txt", "hello"));
  await step(`puts an item into the partition ${identity.id}`, () => data.putItem(identity.id, "note", "hello"));

  const other = `${backend.region}:00000000-0000-4000-8000-000000000000`;
  await step(`is refused a file under private/${other}/`, () => refused(data.upload(other, "note.txt", "hello")));
  await step(`is refused an item in the partition ${other}`, () => refused(data.putItem(other, "note", "hello")));
}

async function step<T>(what: string, act: () => Promise<T>): Promise<T> {
  try {
    const result = await act();
    console.log(`ok    ${what}`);
    return result;
  } catch (error) {
    const { name, message } = error as Error;
    throw new Error(`the user ${what}: ${name}: ${message}`);
  }
}

async function notExpected(): Promise<never> {
  throw new Error("the pool asks for a TOTP code");
}

async function refused(call: Promise<void>): Promise<void> {
  const name = await call.then(
    () => "nothing",
    (error: Error) => error.name,
  );
  if (!name.startsWith("AccessDenied")) throw new Error(`expected AccessDenied, got ${name}`);
}
