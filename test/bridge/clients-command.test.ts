import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAudit } from '../../src/bridge/audit.ts';
import { openClients } from '../../src/bridge/clients.ts';
import { openPairing } from '../../src/bridge/pairing.ts';
import { type StateFiles, stateFiles } from '../../src/bridge/state-files.ts';
import { clientsCommand, pair, rolesArgument } from '../../src/cli/clients.ts';
import type { Output } from '../../src/cli/output.ts';
import { systemClock } from '../../src/model/clock.ts';
import { auditLines } from './guarded-app.ts';

let folder = '';
let config = '';
let files: StateFiles;
let lines: { text: string; json: Record<string, unknown> }[] = [];
let notes: string[] = [];

const output: Output = {
  event: () => {},
  error: () => {},
  line: (text, json) => lines.push({ text, json: { ...json } }),
  note: (text) => notes.push(text),
  speak: () => {},
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tillwire-clients-command-'));
  config = join(folder, 'config.json');
  files = stateFiles(join(folder, 'state'));
  writeFileSync(config, JSON.stringify({ bridge: { state: files.folder } }));
  lines = [];
  notes = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('tillwire pair', () => {
  it('shows a code that a running bridge takes, for the roles that were named', async () => {
    expect(await pair({ config, roles: 'query,void' }, output)).toBe(0);
    const code = lines[0]?.text ?? '';
    expect(lines).toMatchObject([
      { json: { outcome: 'pairing-code', code, roles: ['query', 'void'] } },
    ]);
    const clients = openClients(files.clients, systemClock);
    const audit = openAudit({ file: files.audit, clock: systemClock });
    const pairing = openPairing({ file: files.pairing, clients, audit, now: systemClock.now });
    const { client } = pairing.pair({ code, name: 'kassa-1', address: '127.0.0.1' });
    expect(client.roles).toEqual(new Set(['query', 'void']));
    expect(auditLines(files.audit).map(({ what }) => what)).toEqual(['pairing-code', 'paired']);
    expect(readFileSync(files.audit, 'utf8')).not.toContain(code);
  });

  it('gives admin only when it is named', async () => {
    await pair({ config }, output);
    expect(lines[0]?.json['roles']).toEqual(['query', 'sell', 'void']);
  });
});

describe('tillwire clients', () => {
  it('adds one and shows its token once, lists it without, and removes it', async () => {
    expect(await clientsCommand('add', 'kassa-1', { config, roles: 'sell' }, output)).toBe(0);
    const token = lines[0]?.text ?? '';
    const clients = openClients(files.clients, systemClock);
    expect(clients.byToken(token)).toMatchObject({ name: 'kassa-1', roles: new Set(['sell']) });
    lines = [];
    expect(await clientsCommand('list', undefined, { config }, output)).toBe(0);
    expect(lines[0]?.json).toEqual({ type: 'client', client: 'kassa-1', roles: ['sell'] });
    expect(JSON.stringify(lines)).not.toContain(token);
    expect(await clientsCommand('remove', 'kassa-1', { config }, output)).toBe(0);
    expect(clients.byToken(token)).toBeUndefined();
    expect(await clientsCommand('remove', 'kassa-1', { config }, output)).toBe(1);
    expect(auditLines(files.audit).map(({ what }) => what)).toEqual([
      'client-added',
      'client-removed',
    ]);
    expect(readFileSync(files.audit, 'utf8')).not.toContain(token);
  });

  it('says what is missing', async () => {
    await expect(clientsCommand('add', undefined, { config }, output)).rejects.toThrow(
      /Which client/,
    );
    await expect(clientsCommand('add', 'a', { config }, output)).rejects.toThrow(/Which roles/);
    await expect(clientsCommand('remove', undefined, { config }, output)).rejects.toThrow(/name/);
  });

  it.each(['', 'root', 'query,', 'query sell', 'QUERY'])('knows no role %j', (text) => {
    expect(() => rolesArgument(text)).toThrow(/--roles must be some of query, sell, void, admin/);
  });
});
