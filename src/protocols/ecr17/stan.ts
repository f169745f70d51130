/** The terminal's running number of six digits. It comes round behind 999999. */
const last = 999_999;

/** The number right behind this one. */
export const nextStan = (stan: string): string =>
  String((Number(stan) % last) + 1).padStart(6, '0');

/** `told` is a number given after this one: half the round is behind it. */
export const isAfter = (stan: string, told: string): boolean => isNotBefore(nextStan(stan), told);

/** `told` is this number or one behind it, not before it: half the round is behind. */
export function isNotBefore(stan: string, told: string): boolean {
  const distance = (Number(told) - Number(stan) + last) % last;
  return distance < last / 2;
}
