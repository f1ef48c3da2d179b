/** Which backend to talk to: the stack's outputs file, and nothing else. */

import { readFileSync } from "node:fs";

export interface Backend {
  readonly region: string;
  readonly userPoolId: string;
  readonly appClientId: string;
  readonly identityPoolId: string;
  readonly userDataBucket: string;
  readonly userDataTable: string;
  readonly apiUrl: string;
  /** The local cloud's address; absent on AWS. */
  readonly endpointUrl?: string;
}

/** The backend that an outputs file describes. Throws an Error that names what is missing. */
export function readBackend(path: string): Backend {
  const outputs = readOutputs(path);
  const need = (key: string): string => {
    const value = outputs[key];
    if (typeof value !== "string" || value === "") throw new Error(`${path} has no ${key}`);
    return value;
  };
  return {
    region: need("Region"),
    userPoolId: need("UserPoolId"),
    appClientId: need("AppClientId"),
    identityPoolId: need("IdentityPoolId"),
    userDataBucket: need("UserDataBucket"),
    userDataTable: need("UserDataTable"),
    apiUrl: need("ApiUrl"),
    ...("EndpointUrl" in outputs && { endpointUrl: need("EndpointUrl") }),
  };
}

function readOutputs(path: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(`the outputs file cannot be read (\`make up\` writes it): ${(error as Error).message}`);
  }
}
