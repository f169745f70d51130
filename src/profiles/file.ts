import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** No terminal needs a longer description; a longer file is something else. In bytes. */
export const longestFile = 1_000_000;

/**
 * The text of a profile or of its vectors. What is no plain file is not waited for: nobody may ever write
 * into a pipe.
 * @throws {Error} why it cannot be read, in words
 */
export async function readTextFile(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const about = await file.stat();
    if (about.isDirectory()) throw new Error('it is a folder');
    if (!about.isFile()) throw new Error('it is no plain file');
    if (about.size > longestFile)
      throw new Error(`it has ${about.size} bytes, and at most ${longestFile} are read`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}
