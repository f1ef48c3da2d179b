/**
 * The user's own files and items, straight from the app with the keys of its role.
 *
 * Amplify's `uploadData` does the same against AWS, but takes no plain-http endpoint. So that one program runs against
 * both, files go through @aws-sdk/client-s3, with the credentials that the sign-in library handed out.
 */

import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

import type { Backend } from "./config.ts";
import type { Identity } from "./library.ts";

export class UserData {
  readonly #backend: Backend;
  readonly #s3: S3Client;
  readonly #dynamodb: DynamoDBClient;

  constructor(backend: Backend, { credentials }: Identity) {
    const { region, endpointUrl } = backend;
    const common = { region, credentials, ...(endpointUrl && { endpoint: endpointUrl }) };
    this.#backend = backend;
    // A bucket is a host name on AWS; BUCKET.127.0.0.1 is none, so there it is the path's first part.
    this.#s3 = new S3Client({ ...common, forcePathStyle: endpointUrl !== undefined });
    this.#dynamodb = new DynamoDBClient(common);
  }

  /** Put a file under the private prefix of the identity `owner`. */
  async upload(owner: string, name: string, text: string): Promise<void> {
    const Key = `private/${owner}/${name}`;
    await this.#s3.send(new PutObjectCommand({ Bucket: this.#backend.userDataBucket, Key, Body: text }));
  }

  /** Put an item into the partition of the identity `owner`. */
  async putItem(owner: string, name: string, text: string): Promise<void> {
    const Item = { pk: { S: owner }, sk: { S: name }, text: { S: text } };
    await this.#dynamodb.send(new PutItemCommand({ TableName: this.#backend.userDataTable, Item }));
  }
}
