/** Something in a profile that cannot be, and what would be right. */
export interface Problem {
  /** `frame.parts[1].encoding`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
  /** From 1. */
  readonly line?: number;
  readonly column?: number;
}

export type Path = readonly (string | number)[];

/** `frame.parts[1].encoding` */
export const pathInWords = (path: Path): string =>
  path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    const word = /^[A-Za-z_$][\w-]*$/.test(step) ? step : JSON.stringify(step);
    return text === '' ? word : `${text}.${word}`;
  }, '');

/** `12:5 frame.parts[1].encoding: …` */
export const problemInWords = ({ path, message, line, column }: Problem): string => {
  const place = line === undefined ? '' : `${line}:${column ?? 1} `;
  return printable(`${place}${path === '' ? '' : `${path}: `}${message}`);
};

/** On one line, for an error: the first ones, and how many more. */
export function problemsInWords(problems: readonly Problem[]): string {
  const first = problems.slice(0, 5).map(problemInWords).join(' ');
  const more = problems.length - 5;
  return more > 0 ? `${first} And ${more} more; tillwire profile check tells them all.` : first;
}

/** What stands in a file may hold anything, and a terminal window obeys some of it. */
export const printable = (text: string): string =>
  text.replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
