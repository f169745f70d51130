import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toHex, toLatin1 } from '../../src/framing/bytes.ts';
import { packings } from '../../src/framing/hid-packings.ts';
import { stxFrame } from '../../src/framing/stx-etx-lrc.ts';
import { recordedAnswers } from '../protocols/transbank/vectors.ts';
import { ended, firstLine, start, tillwire } from '../support/cli.ts';

const ana = ['--operator', 'ana', '--reason', 'out of stock', '--yes', '--json'];
const folder = mkdtempSync(join(tmpdir(), 'tillwire-cli-'));
let port = '';
let terminal = '';
const running: ReturnType<typeof start>[] = [];

// What one test leaves in doubt must hold up no other.
beforeEach(() => {
  port = join(mkdtempSync(join(folder, 'test-')), 'terminal');
  terminal = `transbank+serial:${port}`;
});

afterEach(async () => {
  for (const child of running.splice(0)) {
    child.kill('SIGTERM');
    if (child.exitCode === null) await new Promise((resolve) => child.once('close', resolve));
  }
});

process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

/** A mock terminal in a process of its own. */
async function mock(...args: string[]) {
  const child = start('mock', 'transbank', '--pty', port, '--think', '5', '--json', ...args);
  running.push(child);
  expect(JSON.parse(await firstLine(child))).toMatchObject({
    type: 'listening',
    address: terminal,
  });
  return child;
}

describe('tillwire on a pseudo-terminal', () => {
  it('asks, sells, asks again, voids, and is told that it is done already', async () => {
    await mock();
    const said = [
      await tillwire('status', terminal, '--json'),
      await tillwire('last', terminal, '--json'),
      await tillwire('purchase', terminal, '--amount', '1500', '--ref', '42', '--json'),
      await tillwire('last', terminal, '--json'),
      await tillwire('void', terminal, '--amount', '1500', '--operation', '1', ...ana),
      await tillwire('void', terminal, '--amount', '1500', ...ana),
      await tillwire('totals', terminal, '--json'),
      await tillwire('settle', terminal, '--json'),
      await tillwire('void', terminal, '--amount', '1500', ...ana),
    ];
    const outcomes = said.map(({ status, lines }) => [
      status,
      lines.at(-1)?.['type'],
      lines.at(-1)?.['outcome'],
    ]);
    expect(outcomes).toEqual([
      [0, 'result', 'ready'],
      [1, 'result', 'none'],
      [0, 'result', 'approved'],
      [0, 'result', 'found'],
      [0, 'result', 'voided'],
      [1, 'result', 'already-voided'],
      [0, 'result', 'found'],
      [0, 'result', 'settled'],
      [1, 'result', 'not-found'],
    ]);
  });

  it('speaks plain lines to a person: progress on stderr, the result on stdout', async () => {
    await mock('--sale', '1500');
    const { status, stdout, stderr } = await tillwire('last', terminal);
    expect(status).toBe(0);
    expect(stdout).toContain('amount            CLP 1,500');
    expect(stderr).toContain('last sale sent');
    expect(stdout).not.toContain('sent');
  });

  it('ends with 3 when it is in doubt', async () => {
    await mock('--sale', '1500', '--fault', 'no-answer@void');
    const { status, lines } = await tillwire(
      'void',
      terminal,
      '--amount',
      '1500',
      '--timeout',
      '300',
      ...ana,
    );
    expect(status).toBe(3);
    expect(lines.at(-1)).toMatchObject({ type: 'error', code: 'no-answer', effect: 'unknown' });
  });

  it('finds out afterwards how a lost void ended, blocks until then, and replays it by its key', async () => {
    await mock('--sale', '1500', '--fault', 'no-answer-once@void');
    const order = ['--amount', '1500', '--timeout', '3000', '--key', 'V-7', ...ana];
    const lost = await tillwire('void', terminal, ...order);
    expect(lost.status).toBe(3);
    const recovered = await tillwire('recover', terminal, '--json', '--timeout', '300');
    expect([recovered.status, recovered.lines.at(-1)]).toMatchObject([
      0,
      { type: 'result', outcome: 'voided', key: 'V-7' },
    ]);
    const replayed = await tillwire('void', terminal, ...order);
    expect(replayed.lines.map(({ type }) => type)).toEqual(['queued', 'receipt', 'result']);
    const nothing = await tillwire('recover', terminal, '--json');
    expect([nothing.status, nothing.lines.at(-1)]).toMatchObject([0, { outcome: 'nothing-open' }]);
    const verified = await tillwire('journal', 'verify', '--json');
    expect(verified.status).toBe(0);
    const shown = await tillwire('journal', 'show', 'V-7', '--json');
    expect(shown.stdout).toContain('out of stock');
  });

  it('takes a decision of a person for what nobody can find out, and tells it in their language', async () => {
    const port = join(folder, 'unattended');
    const unattended = `transbank-autoservicio+serial:${port}?blind-void=allow`;
    const child = start(
      'mock',
      'transbank-autoservicio',
      '--pty',
      port,
      '--sale',
      '1500',
      '--fault',
      'no-answer@void',
      '--json',
    );
    running.push(child);
    await firstLine(child);
    const lost = await tillwire('void', unattended, '--amount', '1500', '--timeout', '300', ...ana);
    expect(lost.status).toBe(3);
    const blocked = await tillwire(
      'purchase',
      unattended,
      '--amount',
      '2000',
      '--json',
      '--timeout',
      '300',
    );
    expect([blocked.status, blocked.lines.at(-1)]).toMatchObject([
      4,
      { code: 'unresolved-transaction', effect: 'none' },
    ]);
    const recovered = await tillwire('recover', unattended, '--timeout', '300', '--json');
    expect(recovered.status).toBe(3);
    const missing = await tillwire('recover', unattended, '--decide', 'voided');
    expect(missing.status).toBe(2);
    const decision = ['--decide', 'voided', '--operator', 'eva', '--reason', 'comprobante visto'];
    const decided = await tillwire('recover', unattended, ...decision, '--json', '--lang', 'es');
    expect([decided.status, decided.lines.at(-1)]).toMatchObject([
      0,
      { outcome: 'decided', decision: 'voided', operator: 'eva' },
    ]);
    const next = await tillwire('purchase', unattended, '--amount', '2000', '--json');
    expect(next.status).toBe(0);
  });

  it('knows a terminal by its name in the configuration, and its policy', async () => {
    await mock('--sale', '1500');
    const config = join(folder, 'config.json');
    writeFileSync(
      config,
      JSON.stringify({ terminals: { front: { address: terminal, policy: { supervisor: true } } } }),
    );
    const order = ['--config', config, '--amount', '1500', ...ana];
    const alone = await tillwire('void', 'front', ...order);
    expect(alone.lines.at(-1)).toMatchObject({ outcome: 'refused', reason: 'supervisor-needed' });
    const both = await tillwire('void', 'front', ...order, '--supervisor', 'eva');
    expect(both.lines.at(-1)).toMatchObject({ outcome: 'voided' });
    const unknown = await tillwire('last', 'back', '--config', config);
    expect([unknown.status, unknown.stderr]).toEqual([2, expect.stringContaining('known: front')]);
    writeFileSync(config, JSON.stringify({ terminals: { front: { adress: terminal } } }));
    const wrong = await tillwire('last', 'front', '--config', config);
    expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining('terminals.front')]);
  });

  it('ends with 1 when the void is refused', async () => {
    await mock('--sale', '1500');
    const { status, lines } = await tillwire('void', terminal, '--amount', '1600', ...ana);
    expect(status).toBe(1);
    expect(lines.at(-1)).toMatchObject({
      type: 'result',
      outcome: 'refused',
      reason: 'not-the-last',
    });
  });

  it('ends with 4 when there is no terminal', async () => {
    const { status, lines } = await tillwire(
      'last',
      'transbank+serial:/dev/no-such-terminal',
      '--json',
    );
    expect(status).toBe(4);
    expect(lines.at(-1)).toMatchObject({ type: 'error', code: 'no-such-device', effect: 'none' });
  });

  it('ends with 130 when it is interrupted with nothing sent', async () => {
    await mock('--fault', 'silent');
    const child = start('status', terminal);
    const end = ended(child);
    child.stderr.once('data', () => child.kill('SIGINT'));
    expect((await end).status).toBe(130);
  });

  it('does not leave a void behind on an interrupt: it waits for the answer', async () => {
    await mock('--sale', '1500', '--fault', 'late-answer@void=700');
    const child = start('void', terminal, '--amount', '1500', ...ana);
    child.stdout.on('data', (chunk: Buffer) => {
      if (chunk.includes('"request":"void"')) child.kill('SIGINT');
    });
    const { status, lines } = await ended(child);
    expect(status).toBe(0);
    expect(lines.at(-1)).toMatchObject({ outcome: 'voided' });
  });
});

describe('tillwire', () => {
  it.each([
    [['void', 'transbank+mock:', '--amount', '1500', '--reason', 'x', '--yes']],
    [['void', 'transbank+mock:', '--amount', '1500', '--operator', 'ana', '--reason', 'x']],
    [['purchase', 'transbank+mock:']],
    [['purchase', 'transbank+mock:', '--amount', '12.50']],
    [['purchase', 'transbank+mock:', '--amount', '1e3']],
    [['status', 'transbank']],
    [['status', 'transbank+mock:', '--timeout', '0']],
    [['status', 'transbank+serial:/dev/null?baud=fast']],
    [['status', 'transbank+serial:/dev/null?colour=blue']],
    [['decode', 'transbank', '0xg1']],
    [['decode', 'morse', '06']],
    [['mock', 'transbank', '--fault', 'gremlins']],
    [['frobnicate']],
  ])('ends with 2 for %j', async (args) => {
    const { status, stderr } = await tillwire(...args);
    expect(status).toBe(2);
    expect(stderr).not.toBe('');
    expect(stderr).not.toContain('    at ');
  });

  it('refuses an amount out of range with status 1, naming field, limit and value', async () => {
    const { status, lines } = await tillwire(
      'purchase',
      'transbank+mock:',
      '--amount',
      '49',
      '--json',
    );
    expect(status).toBe(1);
    expect(lines.at(-1)).toMatchObject({
      outcome: 'refused',
      field: 'amount',
      limit: 'an integer from 50 to 999999999 (whole CLP)',
      value: '49',
    });
  });

  it('says what is wrong with an address in the language that was asked for', async () => {
    const wrong = 'morse+serial:/dev/ttyUSB0';
    const spoken = async (...more: string[]) =>
      (await tillwire('last', wrong, '--json', ...more)).lines.at(-1)?.['operatorMessage'];
    expect(await spoken()).toContain('The till does not know');
    expect(await spoken('--lang', 'es')).toContain('La caja no sabe');
    expect(await spoken('--lang', 'zh-CN')).toContain('收银机');
    const config = join(mkdtempSync(join(folder, 'config-')), 'config.json');
    writeFileSync(config, JSON.stringify({ language: 'es' }));
    expect(await spoken('--config', config)).toContain('La caja no sabe');
    expect(await spoken('--config', config, '--lang', 'en')).toContain('The till does not know');
    expect(await spoken('--config', `${config}.none`, '--lang', 'es')).toMatch(/terminal|caja/);
  });

  it('decodes frames, control bytes and noise, one JSON object each', async () => {
    const answer = toHex(stxFrame(toLatin1(recordedAnswers.lastSale.data)));
    const { status, lines } = await tillwire(
      'decode',
      'transbank',
      `06 ff${answer}`,
      '02 30 31 30 30 03 99',
    );
    expect(status).toBe(0);
    expect(lines).toMatchObject([
      { kind: 'control', name: 'ACK' },
      { kind: 'noise', hex: 'ff' },
      {
        kind: 'frame',
        check: 'ok',
        code: '0260',
        fields: {
          amount: 25000,
          last4: '0461',
          operationNumber: '000123',
          commerceCode: '597029414300',
        },
      },
      { kind: 'frame', check: 'bad', code: '0100', expected: '02', received: '99' },
    ]);
  });

  it('decodes HID reports by their packing and their size', async () => {
    const frame = stxFrame(toLatin1(recordedAnswers.lastSale.data));
    const reports = (size: number) =>
      packings.length.pack(frame, { ids: [], size }).map(({ data }) => toHex(data));
    const hid = ['decode', 'transbank', '--from', 'terminal', '--framing', 'hid'];
    const told = [{ kind: 'frame', check: 'ok', code: '0260' }];
    const usual = reports(packings.length.usualSize);
    expect(await tillwire(...hid, '--packing', 'length', ...usual)).toMatchObject({
      status: 0,
      lines: told,
    });
    const small = ['--packing', 'length', '--report-size', '8'];
    expect(await tillwire(...hid, ...small, ...reports(8))).toMatchObject({
      status: 0,
      lines: told,
    });
    const unknown = await tillwire(...hid, '--packing', 'parcel', ...usual, '--json');
    expect(unknown).toMatchObject({ status: 2, lines: [{ code: 'usage' }] });
  });

  it('shows no card number, not even in noise', async () => {
    const cut = toHex(toLatin1('\x020260|00|597029414300|75001637|4111111111111111|'));
    const { stdout } = await tillwire('decode', 'transbank', cut);
    expect(stdout).toContain(`2a2a2a${toHex(toLatin1('1111'))}`);
    expect(stdout).not.toContain(toHex(toLatin1('4111')));
  });

  it('lists ports and ends with 0', async () => {
    const { status, lines } = await tillwire('list', '--json');
    expect(status).toBe(0);
    expect(lines.at(-1)).toMatchObject({ type: 'result', outcome: 'listed' });
  });
});
