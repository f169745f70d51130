/** Where the value of a request's field comes from. */
export type Expression =
  | { readonly type: 'constant'; readonly value: string }
  | { readonly type: 'source'; readonly source: Source; readonly optional: boolean }
  | { readonly type: 'setting'; readonly name: string; readonly optional: boolean }
  /** A field of the message that is confirmed. */
  | { readonly type: 'received'; readonly field: string; readonly optional: boolean }
  /** What the request had in this field, in a reply to what came before its answer. */
  | { readonly type: 'sent'; readonly field: string; readonly optional: boolean }
  /** The reply of the terminal's host. */
  | { readonly type: 'relayed'; readonly optional: boolean };

/** What a request can be made of. */
export const sources = [
  'amount',
  'ticket',
  'operationNumber',
  'receiptNumber',
  'trace',
  'authorisationCode',
  'rrn',
  'batch',
  'terminalId',
  'commerceCode',
  'datetime',
  'payCode',
  'now',
  'sequence',
  'unique',
] as const;

export type Source = (typeof sources)[number];

export const isSource = (text: string): text is Source => sources.some((source) => source === text);

/** What a reply is made of, besides what every frame can be made of. */
export interface ReplyTo {
  readonly received?: ReadonlyMap<string, string>;
  readonly sent?: ReadonlyMap<string, string>;
  readonly relayed?: string;
}

/** Reads `$amount`, `$rrn?`, `$setting.operator`, or a constant; nothing for a `$` that means nothing. */
export function readExpression(written: string | number): Expression | undefined {
  const text = String(written);
  if (!text.startsWith('$')) return { type: 'constant', value: text };
  const [, word = '', setting, received, sent, mark] =
    /^\$(?:([a-zA-Z]+)|setting\.([a-z0-9-]+)|received\.([a-zA-Z0-9]+)|sent\.([a-zA-Z0-9]+))(\?)?$/.exec(
      text,
    ) ?? [];
  const optional = mark === '?';
  if (setting !== undefined) return { type: 'setting', name: setting, optional };
  if (received !== undefined) return { type: 'received', field: received, optional };
  if (sent !== undefined) return { type: 'sent', field: sent, optional };
  if (word === 'relayed') return { type: 'relayed', optional };
  return isSource(word) ? { type: 'source', source: word, optional } : undefined;
}

/** The code that the till has scanned: whoever has it can take money. */
export const isPayCode = (
  expression: Expression | undefined,
): expression is Extract<Expression, { type: 'source' }> =>
  expression?.type === 'source' && expression.source === 'payCode';

/** What a request is made of, by source. */
export type Given = { readonly [S in Source]?: string };

/** The value, or nothing where there is none. */
export function valueFrom(
  expression: Expression,
  given: Given,
  settings: ReadonlyMap<string, string>,
  { received, sent, relayed }: ReplyTo = {},
): string | undefined {
  switch (expression.type) {
    case 'constant':
      return expression.value;
    case 'source':
      return given[expression.source];
    case 'setting':
      return settings.get(expression.name);
    case 'received':
      return received?.get(expression.field);
    case 'sent':
      return sent?.get(expression.field);
    case 'relayed':
      return relayed;
  }
}
