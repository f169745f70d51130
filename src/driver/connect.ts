import type { ConnectResult } from '../model/results.ts';
import type { Context } from './context.ts';

/** Opens the device ahead of the first command, so that a cable that is out shows before a customer is there. */
export async function connect({ line }: Context): Promise<ConnectResult> {
  if (await line.open()) return { outcome: 'connected', message: 'The device is open.' };
  return {
    outcome: 'refused',
    reason: 'not-supported',
    field: 'command',
    limit: 'a terminal whose connection stays open and needs no greeting',
    value: 'connect',
    message: `A terminal with the protocol ${line.protocol.name} has its connection opened by each command. Nothing was opened.`,
  };
}
