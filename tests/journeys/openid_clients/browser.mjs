// The browser is the test's: it is told an address, and says where it ended.
import { createInterface } from "node:readline";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

export async function open(url) {
  console.log(url);
  return (await lines.next()).value;
}
