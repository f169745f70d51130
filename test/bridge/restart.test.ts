import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandList, CommandView, TerminalView } from '../../src/bridge/schemas.ts';
import { auditLines } from './guarded-app.ts';
import { json, messagesOf, openTestBridge, problemOf, type TestBridge } from './test-bridge.ts';

let bridge: TestBridge;
let till: string;

beforeEach(async () => {
  bridge = await openTestBridge();
  till = bridge.client('kassa-1');
});

afterEach(async () => {
  await bridge.stop().catch(() => {});
  bridge.remove();
});

const ask = (name: string, body: object = {}, key?: string) =>
  bridge.ask('POST', `/v1/terminals/front/${name}`, {
    token: till,
    body,
    ...(key !== undefined && { key }),
  });
const sell = (key: string, amount = 1500) =>
  ask('sales', { amount, ticket: key.replace('-', '') }, key);
const voidIt = (key: string) =>
  ask('voids', { amount: 1500, operator: 'ana', reason: 'returned' }, key);
const decide = (command: string, decision: string) =>
  ask('decisions', { command, decision, operator: 'eva', reason: 'saw the voucher' });
const done = async (response: Response | Promise<Response>) => {
  const { id } = await json<CommandView>(response);
  return bridge.until(till, id);
};
const voids = () => bridge.front.terminal.ledger.filter(({ kind }) => kind === 'void').length;
const front = () => json<TerminalView>(bridge.ask('GET', '/v1/terminals/front', { token: till }));

/** The same journal, terminals and clients in a new service. */
async function restart(how: 'stop' | 'kill' = 'stop'): Promise<void> {
  if (how === 'stop') await bridge.stop();
  else bridge.kill();
  bridge.front.replug();
  bridge.back.replug();
  bridge = await openTestBridge({ after: bridge });
}

/** A void that is made, and of which the terminal says nothing more. */
async function leaveInDoubt(): Promise<CommandView> {
  await done(sell('S-1'));
  bridge.front.fault('no-answer-once@void');
  return done(voidIt('V-1'));
}

describe('a command in doubt', () => {
  it('says that nobody knows, with what was asked and what was found', async () => {
    const view = await leaveInDoubt();
    expect(view).toMatchObject({
      state: 'in-doubt',
      error: {
        code: 'no-answer',
        effect: 'unknown',
        intent: 'kassa-1.V-1',
        evidence: {
          asked: { kind: 'void', amount: { amount: 1500 }, operator: 'ana' },
          found: { amount: { amount: 1500 }, ticket: '0000S1', last4: '0461' },
        },
      },
    });
    expect(await front()).toMatchObject({ inDoubt: ['kassa-1.V-1'] });
    const { commands } = await json<CommandList>(
      bridge.ask('GET', '/v1/commands?state=in-doubt', { token: till }),
    );
    expect(commands.map(({ id }) => id)).toEqual(['kassa-1.V-1']);
  });

  it('is not sent again under its key', async () => {
    await leaveInDoubt();
    const again = await voidIt('V-1');
    expect(again.status).toBe(200);
    expect(await json(again)).toMatchObject({ state: 'in-doubt' });
  });

  it('blocks the next one, whose failure has effect none and names it', async () => {
    await leaveInDoubt();
    bridge.front.fault('no-answer');
    expect(await done(sell('S-2'))).toMatchObject({ state: 'failed', error: { effect: 'none' } });
  });

  it('is closed by a recovery, and then its own state is the outcome', async () => {
    await leaveInDoubt();
    const recovery = await done(ask('recoveries'));
    expect(recovery).toMatchObject({ state: 'done', result: { outcome: 'voided' } });
    const view = await bridge.until(till, 'kassa-1.V-1');
    expect(view).toMatchObject({ state: 'done', result: { outcome: 'voided' } });
    expect(view.error).toBeUndefined();
    expect(await front()).toMatchObject({ inDoubt: [] });
  });

  it('is closed by a decision about it, and about no other', async () => {
    await leaveInDoubt();
    expect(await problemOf(decide('kassa-1.S-1', 'voided'))).toMatchObject({
      status: 409,
      code: 'not-in-doubt',
    });
    expect(await problemOf(decide('kassa-1.NONE', 'voided'))).toMatchObject({ status: 404 });
    expect(await done(decide('kassa-1.V-1', 'not-voided'))).toMatchObject({
      kind: 'decision',
      requested: { command: 'kassa-1.V-1', decision: 'not-voided', operator: 'eva' },
      result: { outcome: 'decided', key: 'kassa-1.V-1' },
    });
    expect(await bridge.until(till, 'kassa-1.V-1')).toMatchObject({
      state: 'done',
      result: { outcome: 'decided', decision: 'not-voided', operator: 'eva' },
    });
    expect((await decide('kassa-1.V-1', 'voided')).status).toBe(409);
    expect(auditLines(bridge.files.audit)).toContainEqual({
      at: expect.any(String),
      what: 'decision',
      client: 'kassa-1',
      address: '',
      terminal: 'front',
      command: 'kassa-1.V-1',
      decision: 'not-voided',
    });
  });

  it('whose recovery cannot tell stays in doubt, and the recovery has failed', async () => {
    await leaveInDoubt();
    bridge.front.unplug();
    const recovery = await done(ask('recoveries'));
    expect(recovery).toMatchObject({
      kind: 'recovery',
      state: 'failed',
      error: { effect: 'unknown', intent: 'kassa-1.V-1' },
    });
    expect(await bridge.until(till, 'kassa-1.V-1')).toMatchObject({ state: 'in-doubt' });
  });

  it('tells its end once, also to whoever had read that it was in doubt', async () => {
    await leaveInDoubt();
    const path = '/v1/commands/kassa-1.V-1/events';
    const before = await messagesOf(await bridge.ask('GET', path, { token: till })).rest();
    expect(before.at(-1)?.event).toBe('failed');
    await done(ask('recoveries'));
    const all = await messagesOf(await bridge.ask('GET', path, { token: till })).rest();
    expect(all.filter(({ event }) => ['result', 'failed'].includes(event))).toHaveLength(1);
    expect(all.at(-1)).toMatchObject({ event: 'result', data: { result: { outcome: 'voided' } } });
    const headers = { 'Last-Event-ID': before.at(-1)?.id ?? '' };
    const more = await messagesOf(await bridge.ask('GET', path, { token: till, headers })).rest();
    expect(more.map(({ event }) => event)).toEqual(['result']);
  });
});

describe('after a restart of the service', () => {
  it('a command is the same, with its result', async () => {
    const before = await done(sell('S-1'));
    await restart();
    const after = await bridge.until(till, 'kassa-1.S-1');
    expect({ ...after, events: 0, changedAt: 0, createdAt: 0 }).toEqual({
      ...before,
      events: 0,
      changedAt: 0,
      createdAt: 0,
    });
  });

  it('its key finds it, and with another body is refused', async () => {
    await done(sell('S-1'));
    await restart();
    const again = await sell('S-1');
    expect(again.status).toBe(200);
    expect(await json(again)).toMatchObject({ state: 'done', result: { outcome: 'approved' } });
    expect(await problemOf(sell('S-1', 1501))).toMatchObject({ status: 409, code: 'key-reused' });
    expect(bridge.front.terminal.ledger.filter(({ kind }) => kind === 'sale')).toHaveLength(1);
  });

  it('a void is still bound to who asked and why', async () => {
    await done(sell('S-1'));
    await done(voidIt('V-1'));
    await restart();
    expect((await voidIt('V-1')).status).toBe(200);
    const other = { amount: 1500, operator: 'eva', reason: 'returned' };
    expect((await ask('voids', other, 'V-1')).status).toBe(409);
  });

  it('what never left the till has failed with effect none, and its key may try again', async () => {
    bridge.front.unplug();
    await done(sell('S-1'));
    await restart();
    const view = await json<CommandView>(
      bridge.ask('GET', '/v1/commands/kassa-1.S-1', { token: till }),
    );
    expect(view).toMatchObject({ state: 'failed', error: { code: 'not-sent', effect: 'none' } });
    expect(view.error?.operatorMessage).toContain('moved no money');
    expect((await sell('S-1')).status).toBe(202);
    expect(await bridge.until(till, 'kassa-1.S-1')).toMatchObject({ state: 'done' });
  });

  it('what was never on record is unknown, and certainly moved no money', async () => {
    await restart();
    expect(
      await problemOf(bridge.ask('GET', '/v1/commands/kassa-1.S-9', { token: till })),
    ).toMatchObject({ status: 404, code: 'unknown-command', effect: 'none' });
  });

  it('a question is forgotten, and of a settlement nothing is claimed', async () => {
    const { id } = await done(ask('status'));
    const settled = await done(ask('settlements'));
    await restart();
    const problem = (of: string) =>
      problemOf(bridge.ask('GET', `/v1/commands/${of}`, { token: till }));
    expect(await problem(id)).toMatchObject({ status: 404, effect: 'none' });
    expect(await problem(settled.id)).toMatchObject({ status: 404, effect: 'unknown' });
  });

  it('what was killed in mid-command is in doubt until it is found out', async () => {
    await done(sell('S-1'));
    await voidIt('V-1');
    for (let n = 0; n < 4_000; n++) {
      if (bridge.journal.show('kassa-1.V-1')?.standing === 'open') break;
      await bridge.clock.advance(1);
    }
    await restart('kill');
    const view = await json<CommandView>(
      bridge.ask('GET', '/v1/commands/kassa-1.V-1', { token: till }),
    );
    expect(view).toMatchObject({
      state: 'in-doubt',
      error: { code: 'unresolved-transaction', effect: 'unknown' },
    });
    expect(await front()).toMatchObject({ inDoubt: ['kassa-1.V-1'] });
    await done(ask('recoveries'));
    const outcome = voids() === 1 ? 'voided' : 'not-voided';
    expect(await bridge.until(till, 'kassa-1.V-1')).toMatchObject({
      state: 'done',
      result: { outcome },
    });
    expect(bridge.journal.verify()).toMatchObject({ ok: true });
  });

  it('its events are told again, and its end to whoever comes back with an old id', async () => {
    await done(sell('S-1'));
    const path = '/v1/commands/kassa-1.S-1/events';
    const before = await messagesOf(await bridge.ask('GET', path, { token: till })).rest();
    await restart();
    const after = await messagesOf(await bridge.ask('GET', path, { token: till })).rest();
    expect(after.map(({ event }) => event)).toEqual(['queued', 'sent', 'acknowledged', 'result']);
    for (const { id } of [...before, ...after]) {
      const headers = { 'Last-Event-ID': id };
      const more = await messagesOf(await bridge.ask('GET', path, { token: till, headers })).rest();
      expect(more.at(-1)).toMatchObject({ event: 'result' });
    }
  });

  it('the frames are gone, and that is no error', async () => {
    await done(sell('S-1'));
    await restart();
    expect(await json(bridge.ask('GET', '/v1/commands/kassa-1.S-1/wire', { token: till }))).toEqual(
      { frames: [] },
    );
  });
});

describe('a service that is told to end', () => {
  it('lets the running command end, drops what waits, and takes nothing new', async () => {
    await sell('S-1');
    await sell('S-2');
    const watching = messagesOf(
      await bridge.ask('GET', '/v1/commands/kassa-1.S-1/events', { token: till }),
    ).rest();
    const stopping = bridge.service.stop();
    expect(await problemOf(sell('S-3'))).toMatchObject({ status: 503, code: 'shutting-down' });
    expect((await sell('S-1')).status).toBe(202);
    expect((await bridge.ask('GET', '/healthz')).status).toBe(503);
    for (let second = 0; second < 30; second++) await bridge.clock.advance(1_000);
    await stopping;
    expect(await bridge.until(till, 'kassa-1.S-1')).toMatchObject({ state: 'done' });
    expect(await bridge.until(till, 'kassa-1.S-2')).toMatchObject({
      state: 'failed',
      error: { code: 'closed', effect: 'none' },
    });
    expect((await watching).at(-1)).toMatchObject({ event: 'result' });
  });
});
