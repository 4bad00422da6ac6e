// The side of the bridge protocol that both JavaScript SDKs share: a JSON request a line in, a
// JSON answer a line out. Bytes travel as {"$bytes": base64}.
'use strict';

const readline = require('readline');

function decoded(value) {
  if (Array.isArray(value)) return value.map(decoded);
  if (value === null || typeof value !== 'object') return value;
  if ('$bytes' in value) return Buffer.from(value.$bytes, 'base64');
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, decoded(member)]));
}

function encoded(value) {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return value.map(encoded);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, encoded(member)]));
}

// `call(service, operation, parameters)` answers a promise of the operation's result.
async function serve(call) {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const request = JSON.parse(line);
    let answer;
    try {
      const result = await call(request.service, request.operation, decoded(request.parameters));
      answer = { result: encoded(result) };
    } catch (error) {
      const code = error.code || error.name;
      answer = { error: { Code: code, Message: error.message, Stack: error.stack } };
    }
    process.stdout.write(JSON.stringify(answer) + '\n');
  }
}

module.exports = { serve };
