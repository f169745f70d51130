/** Terminals pad numbers with zeros on the left: `123` and `000123` name the same thing. */
export const bareNumber = (text: string): string => text.trim().replace(/^0+(?=.)/, '');

export const sameNumber = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && b !== undefined && bareNumber(a) === bareNumber(b);
