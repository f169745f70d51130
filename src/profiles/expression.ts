/** Where the value of a request's field comes from. */
export type Expression =
  | { readonly type: 'constant'; readonly value: string }
  | { readonly type: 'source'; readonly source: Source; readonly optional: boolean }
  | { readonly type: 'setting'; readonly name: string; readonly optional: boolean }
  /** A field of the message that is confirmed. */
  | { readonly type: 'received'; readonly field: string; readonly optional: boolean };

/** What a request can be made of. */
export const sources = [
  'amount',
  'ticket',
  'operationNumber',
  'receiptNumber',
  'trace',
  'authorisationCode',
  'rrn',
  'terminalId',
  'commerceCode',
  'datetime',
  'now',
  'sequence',
  'unique',
] as const;

export type Source = (typeof sources)[number];

export const isSource = (text: string): text is Source => sources.some((source) => source === text);

/** Reads `$amount`, `$rrn?`, `$setting.operator`, or a constant; nothing for a `$` that means nothing. */
export function readExpression(written: string | number): Expression | undefined {
  const text = String(written);
  if (!text.startsWith('$')) return { type: 'constant', value: text };
  const [, word = '', setting, received, mark] =
    /^\$(?:([a-zA-Z]+)|setting\.([a-z0-9-]+)|received\.([a-zA-Z0-9]+))(\?)?$/.exec(text) ?? [];
  const optional = mark === '?';
  if (setting !== undefined) return { type: 'setting', name: setting, optional };
  if (received !== undefined) return { type: 'received', field: received, optional };
  return isSource(word) ? { type: 'source', source: word, optional } : undefined;
}

/** What a request is made of, by source. */
export type Given = { readonly [S in Source]?: string };

/** The value, or nothing where there is none. */
export function valueFrom(
  expression: Expression,
  given: Given,
  settings: ReadonlyMap<string, string>,
  received: ReadonlyMap<string, string> = new Map(),
): string | undefined {
  switch (expression.type) {
    case 'constant':
      return expression.value;
    case 'source':
      return given[expression.source];
    case 'setting':
      return settings.get(expression.name);
    case 'received':
      return received.get(expression.field);
  }
}
