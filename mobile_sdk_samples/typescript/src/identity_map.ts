/** The backend's map of identity ids and `sub`s, which no one computes from the other: an app enters its user once. */

import type { Backend } from "./config.ts";
import type { Tokens } from "./library.ts";

/** Enter the user, any number of times. The API asks Cognito whose identity the ID token gives, and answers with it. */
export async function enterIdentity(backend: Backend, { accessToken, idToken }: Tokens): Promise<string> {
  const response = await fetch(`${backend.apiUrl}/identity`, {
    method: "PUT",
    headers: { authorization: `Bearer ${accessToken}`, "content-type": "application/json" },
    body: JSON.stringify({ id_token: idToken }),
  });
  if (!response.ok) throw new Error(`the API answers ${response.status}`);
  return ((await response.json()) as { identity_id: string }).identity_id;
}
