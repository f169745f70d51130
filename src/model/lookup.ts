/** An entry of a table by a name that came from outside: `constructor` is no entry of any table. */
export const lookup = <V>(table: Readonly<Record<string, V>>, name: string): V | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;
