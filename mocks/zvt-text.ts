/** The character sets that this terminal can write, by their numbers in TLV 14. */
export const charsets = [0xff, 0x00, 0x01, 0xfe] as const;

export type Charset = (typeof charsets)[number];

export const isCharset = (number: number | undefined): number is Charset =>
  charsets.some((charset) => charset === number);

/** The letters of German in CP437, which is spoken when nothing else was agreed. */
const cp437: Readonly<Record<string, number>> = {
  Ä: 0x8e,
  Ö: 0x99,
  Ü: 0x9a,
  ä: 0x84,
  ö: 0x94,
  ü: 0x81,
  ß: 0xe1,
};

const question = 0x3f;

function byteOf(letter: string, charset: Charset): number {
  const code = letter.codePointAt(0) ?? question;
  if (code < 0x80) return code;
  switch (charset) {
    case 0xff:
      return cp437[letter] ?? question;
    case 0x01:
      return code <= 0xff ? code : question;
    default:
      return question;
  }
}

/** A text as the terminal writes it; a letter that the character set has not comes as a question mark. */
export const textBytes = (text: string, charset: Charset): number[] =>
  charset === 0xfe
    ? [...new TextEncoder().encode(text)]
    : Array.from(text, (letter) => byteOf(letter, charset));
