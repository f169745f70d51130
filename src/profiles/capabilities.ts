import type { Capabilities, CommandName } from '../protocols/protocol.ts';
import { isPayCode, readExpression } from './expression.ts';
import type { Profile, ProfileCommand } from './schema.ts';

const commandNames = {
  status: 'status',
  last: 'lastTransaction',
  find: 'lastTransaction',
  sale: 'purchase',
  refund: 'refund',
  void: 'voidTransaction',
  settle: 'settle',
} as const satisfies Partial<Record<keyof Profile['commands'], CommandName>>;

/** Whether a sale brings the code that the till has scanned. */
function payCodeOf(sale: ProfileCommand | undefined): Pick<Capabilities, 'payCode'> {
  const found = Object.values(sale?.send ?? {})
    .map((written) => readExpression(written))
    .find(isPayCode);
  if (found === undefined) return {};
  return { payCode: found.optional ? 'optional' : 'required' };
}

/** What a terminal can do, by what its profile says of it. */
export function capabilitiesOf({ commands, link, ticket }: Profile): Capabilities {
  const { find, last, sale, void: taking } = commands;
  const names = Object.entries(commandNames).flatMap(([name, command]) =>
    Object.entries(commands).some(([own, given]) => own === name && given !== undefined)
      ? [command]
      : [],
  );
  return {
    voidBy: taking?.by ?? 'none',
    queryBy: find !== undefined ? 'reference' : last !== undefined ? 'last' : 'none',
    queryPrints: (last ?? find)?.prints ?? false,
    abort: false,
    tellsVoids: (last ?? find)?.tellsVoids ?? false,
    retransmits: link.kind === 'ack-nak',
    echoesIdentity: [
      ...(sale?.answer.amount === 'asked' ? [] : (['amount'] as const)),
      ...(ticket.echoed ? (['ticket'] as const) : []),
    ],
    historyDepth: find === undefined && last === undefined ? 0 : 1,
    ...payCodeOf(sale),
    commands: [...new Set<CommandName>(['status', ...names])],
  };
}
