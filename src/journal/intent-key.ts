const longest = 200;

/**
 * A key has to come back from the file as the till gave it: SQLite ends a text at U+0000, and UTF-8 has
 * no half surrogates.
 */
export function checkIntentKey(key: string): void {
  if (key.length < 1 || key.length > longest || /[\p{Cc}\p{Cs}]/u.test(key))
    throw new RangeError(
      `The key of a money command must have 1 to ${longest} characters and no control characters.`,
    );
}
