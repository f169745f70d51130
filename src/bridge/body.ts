import { HttpProblem } from './problem.ts';

/** The connection is not used again: what the sender still has to say about this request is not waited for. */
const closing = { headers: { Connection: 'close' } };

const tooLarge = (most: number): HttpProblem =>
  new HttpProblem(413, 'too-large', `The body has more than ${most} bytes.`, closing);

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The body as text, never more of it in memory than `most` bytes and one chunk, whatever length it was
 * said to have.
 * @throws {HttpProblem} `too-large`; `bad-request` when it did not arrive or is not UTF-8
 */
export async function readBody(request: Request, most: number): Promise<string> {
  if (Number(request.headers.get('content-length') ?? '0') > most) throw tooLarge(most);
  const chunks = request.body === null ? [] : await readChunks(request.body, most);
  try {
    return utf8.decode(Buffer.concat(chunks));
  } catch {
    throw new HttpProblem(400, 'bad-request', 'The body is not UTF-8.');
  }
}

async function readChunks(
  body: ReadableStream<Uint8Array>,
  most: number,
): Promise<readonly Uint8Array[]> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return chunks;
      bytes += value.byteLength;
      if (bytes > most) break;
      chunks.push(value);
    }
  } catch {
    throw new HttpProblem(400, 'bad-request', 'The body did not arrive.', closing);
  }
  throw tooLarge(most);
}

/** JSON, in the only encoding that JSON has (RFC 8259, section 8.1). */
export const isJson = (contentType: string): boolean =>
  /^application\/json(?:\s*;\s*charset=(?:utf-8|"utf-8"))?\s*$/i.test(contentType);
