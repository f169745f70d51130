import { userInfo } from 'node:os';
import { type AuditEntry, openAudit } from '../bridge/audit.ts';
import { openClients, type Role, roles } from '../bridge/clients.ts';
import { codeLifeMs, createPairingCode } from '../bridge/pairing.ts';
import { type StateFiles, stateFiles } from '../bridge/state-files.ts';
import { systemClock } from '../model/clock.ts';
import { type ExitStatus, exit, UsageError } from './exit.ts';
import type { Output } from './output.ts';
import { readUserConfig } from './user-config.ts';

export type ClientsAction = 'list' | 'add' | 'remove';

export interface ClientsOptions {
  readonly config?: string;
  readonly roles?: string;
}

const isRole = (text: string): text is Role => roles.some((role) => role === text);

/** `query,sell`: a set of roles. */
export function rolesArgument(text: string): ReadonlySet<Role> {
  const given = text.split(',').map((role) => role.trim());
  const wrong = given.filter((role) => !isRole(role));
  if (wrong.length > 0)
    throw new UsageError(
      `--roles must be some of ${roles.join(', ')}, with commas between; got ${JSON.stringify(text)}.`,
    );
  return new Set(given.filter(isRole));
}

const filesOf = async (named: string | undefined): Promise<StateFiles> => {
  const { config } = await readUserConfig(named);
  return stateFiles(config.bridge?.state);
};

function whoever(): string {
  try {
    return `${userInfo().username} at the command line`;
  } catch {
    // A container may have a user without a name.
    return `uid ${process.getuid?.() ?? 'unknown'} at the command line`;
  }
}

function inAudit({ audit: file }: StateFiles, entry: AuditEntry, output: Output): void {
  const failed = (error: unknown) => output.note(error instanceof Error ? error.message : '');
  const audit = openAudit({ file, clock: systemClock, failed });
  audit.record(entry);
  audit.close();
}

/** `tillwire pair`: shows a code that a page or a till trades for a token of its own. */
export async function pair(options: ClientsOptions, output: Output): Promise<ExitStatus> {
  const may = rolesArgument(options.roles ?? 'query,sell,void');
  const files = await filesOf(options.config);
  inAudit(files, { what: 'pairing-code', roles: [...may], by: whoever() }, output);
  const { code, until } = createPairingCode(files.pairing, may, systemClock.now());
  const list = [...may].join(', ');
  output.line(`${code}`, { type: 'result', outcome: 'pairing-code', code, until, roles: [...may] });
  output.note(
    `Type this code where it is asked for, within ${codeLifeMs / 60_000} minutes. It is good once, for the roles ${list}. Tell it to nobody who asks by telephone.`,
  );
  return exit.done;
}

/** `tillwire clients list|add|remove`: who may use the bridge. A running one knows at its next request. */
export async function clientsCommand(
  action: ClientsAction,
  name: string | undefined,
  options: ClientsOptions,
  output: Output,
): Promise<ExitStatus> {
  const files = await filesOf(options.config);
  const clients = openClients(files.clients, systemClock);
  switch (action) {
    case 'list': {
      const all = clients.list();
      for (const { name: client, roles: may, origin } of all)
        output.line(`${client.padEnd(34)}${[...may].join(',').padEnd(24)}${origin ?? ''}`, {
          type: 'client',
          client,
          roles: [...may],
          ...(origin !== undefined && { origin }),
        });
      const message = `Clients: ${all.length}.`;
      output.line(message, { type: 'result', outcome: 'listed', count: all.length, message });
      return exit.done;
    }
    case 'add': {
      const client = given(name);
      if (options.roles === undefined)
        throw new UsageError(`Which roles? --roles with some of ${roles.join(', ')}.`);
      const may = rolesArgument(options.roles);
      const token = clients.add(client, may);
      const entry = { what: 'client-added', client, roles: [...may], by: whoever() } as const;
      inAudit(files, entry, output);
      output.line(token, { type: 'result', outcome: 'added', client, roles: [...may], token });
      output.note(`This is the token of ${client}. It is shown once and kept nowhere.`);
      return exit.done;
    }
    case 'remove': {
      const client = given(name);
      if (!clients.remove(client)) {
        const message = `There is no client ${client}.`;
        output.line(message, { type: 'result', outcome: 'not-found', client, message });
        return exit.certainlyNotDone;
      }
      inAudit(files, { what: 'client-removed', client, by: whoever() }, output);
      const message = `${client} is removed; its token is worth nothing.`;
      output.line(message, { type: 'result', outcome: 'removed', client, message });
      return exit.done;
    }
  }
}

function given(name: string | undefined): string {
  if (name === undefined) throw new UsageError('Which client? Give its name.');
  return name;
}
