import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAudit } from '../../src/bridge/audit.ts';
import { openClients, type Role } from '../../src/bridge/clients.ts';
import { createPairingCode, openPairing } from '../../src/bridge/pairing.ts';
import { HttpProblem } from '../../src/bridge/problem.ts';
import { stateFiles } from '../../src/bridge/state-files.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { auditLines } from './guarded-app.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tillwire-pairing-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function start() {
  const clock = createFakeClock();
  const files = stateFiles(folder);
  const clients = openClients(files.clients, clock);
  const audit = openAudit({ file: files.audit, clock });
  const pairing = openPairing({ file: files.pairing, clients, audit, now: clock.now });
  return {
    clock,
    files,
    clients,
    show: (...roles: Role[]) => createPairingCode(files.pairing, new Set(roles), clock.now()).code,
    pair: (code: string, name = 'kassa-1', origin?: string) =>
      pairing.pair({ code, name, address: '127.0.0.1', ...(origin !== undefined && { origin }) }),
    /** The code of the refusal. */
    refused(code: string, name = 'kassa-1'): string {
      try {
        pairing.pair({ code, name, address: '127.0.0.1' });
        return 'paired';
      } catch (error) {
        if (error instanceof HttpProblem) return error.code;
        throw error;
      }
    },
  };
}

const other = (code: string): string =>
  ((Number(code) + 1) % 1_000_000).toString().padStart(6, '0');

describe('pairing', () => {
  it('trades the code once for a client with its roles, bound to the origin it was asked from', () => {
    const { clients, show, pair, refused, files } = start();
    const code = show('query', 'void');
    expect(code).toMatch(/^\d{6}$/);
    const { client, token } = pair(code, 'kassa-1', 'https://pos.example');
    expect(client).toEqual({
      name: 'kassa-1',
      roles: new Set(['query', 'void']),
      origin: 'https://pos.example',
    });
    expect(clients.byToken(token)).toEqual(client);
    expect(refused(code, 'kassa-2')).toBe('pairing-failed');
    expect(auditLines(files.audit)).toMatchObject([
      { what: 'paired', client: 'kassa-1', roles: ['query', 'void'], by: '127.0.0.1' },
    ]);
    expect(readFileSync(files.audit, 'utf8')).not.toContain(token);
  });

  it('keeps the code in a file for its owner alone, and only a hash of it', () => {
    const { show, files } = start();
    const code = show('query');
    expect(statSync(files.pairing).mode & 0o777).toBe(0o600);
    expect(readFileSync(files.pairing, 'utf8')).not.toContain(`"${code}"`);
    chmodSync(files.pairing, 0o644);
    expect(() => start().pair(code)).toThrow(/chmod 600/);
  });

  it.runIf(process.getuid?.() === 0)('is for the service when root shows it', () => {
    chownSync(folder, 1234, 1234);
    const { show, files } = start();
    show('query');
    expect(statSync(files.pairing)).toMatchObject({ uid: 1234, gid: 1234 });
  });

  it('is over after five minutes, and not before', async () => {
    const { clock, show, pair, refused } = start();
    const first = show('query');
    await clock.advance(5 * 60_000 - 1);
    expect(pair(first).client.name).toBe('kassa-1');
    const second = show('query');
    await clock.advance(5 * 60_000);
    expect(refused(second, 'kassa-2')).toBe('pairing-failed');
  });

  it('is over after five wrong tries, whoever made them', () => {
    const { show, refused, files } = start();
    const code = show('query');
    for (let i = 0; i < 4; i += 1) expect(refused(other(code))).toBe('pairing-failed');
    expect(auditLines.bind(undefined, files.audit)).toThrow();
    expect(refused(other(code))).toBe('pairing-failed');
    expect(refused(code)).toBe('pairing-failed');
    expect(auditLines(files.audit)).toMatchObject([{ what: 'pairing-code-ended' }]);
  });

  it('takes the right code after four wrong tries', () => {
    const { show, pair, refused } = start();
    const code = show('query');
    for (let i = 0; i < 4; i += 1) refused(other(code));
    expect(pair(code).client.name).toBe('kassa-1');
  });

  it('limits guesses whatever code is shown, and lets people in again later', async () => {
    const { clock, show, pair, refused } = start();
    const answers = Array.from({ length: 1_000 }, (_, index) => {
      if (index % 5 === 0) show('query');
      return refused('x');
    });
    expect(answers.filter((code) => code === 'pairing-failed')).toHaveLength(10);
    expect(answers.filter((code) => code === 'too-many-requests')).toHaveLength(990);
    const code = show('query');
    expect(refused(code)).toBe('too-many-requests');
    await clock.advance(60_000);
    expect(pair(code).client.name).toBe('kassa-1');
  });

  it('says the same of a wrong code and of none', () => {
    const { show, pair } = start();
    const said = (code: string) => {
      try {
        pair(code);
        return '';
      } catch (error) {
        return String(error);
      }
    };
    const none = said('123456');
    const code = show('query');
    expect(said(other(code))).toBe(none);
    expect(said('12345')).toBe(none);
    expect(said('')).toBe(none);
  });

  it('forgets the older code when a new one is shown', () => {
    const { show, pair, refused } = start();
    const first = show('query');
    let second = show('query');
    while (second === first) second = show('query');
    expect(refused(first)).toBe('pairing-failed');
    expect(pair(second).client.name).toBe('kassa-1');
  });

  it('keeps the code when the name is taken or is none, so that another can be given', () => {
    const { clients, show, pair, refused } = start();
    clients.add('kassa-1', new Set(['admin']));
    const code = show('query');
    expect(refused(code, 'kassa-1')).toBe('bad-request');
    expect(refused(code, 'no name')).toBe('bad-request');
    expect(pair(code, 'kassa-2').client.name).toBe('kassa-2');
  });

  it('tells who has no code nothing about names that are taken', () => {
    const { clients, show, refused } = start();
    clients.add('kassa-1', new Set(['admin']));
    const code = show('query');
    expect(refused(other(code), 'kassa-1')).toBe('pairing-failed');
  });

  it('is over when the clock is set back, rather than longer', async () => {
    const { files, show, clients, clock } = start();
    const code = show('query');
    const audit = openAudit({ file: files.audit, clock });
    const earlier = () => clock.now() - 3_600_000;
    const pairing = openPairing({ file: files.pairing, clients, audit, now: earlier });
    expect(() => pairing.pair({ code, name: 'kassa-1', address: '' })).toThrow(/five minutes/);
  });
});
