import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { decode } from '../../src/cli/decode.ts';
import { exit } from '../../src/cli/exit.ts';
import type { Output } from '../../src/cli/output.ts';
import { profileCommand } from '../../src/cli/profile.ts';
import { builtinPath, builtinProfiles, builtinText } from '../../src/profiles/builtin.ts';

const folder = mkdtempSync(join(tmpdir(), 'tillwire-profile-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function listening() {
  const lines: string[] = [];
  const output: Output = {
    event: () => {},
    error: () => {},
    line: (text) => lines.push(text),
    note: (text) => lines.push(text),
    speak: () => {},
  };
  return { lines, output };
}

const vectors = (name: string) => join(import.meta.dirname, `vectors/${name}.yaml`);

describe('tillwire profile', () => {
  it.each(builtinProfiles)(
    'check finds nothing wrong with %s, by its name or as a file',
    async (name) => {
      const { lines, output } = listening();
      expect(await profileCommand('check', name, undefined, output)).toBe(exit.done);
      expect(await profileCommand('check', builtinPath(name), undefined, output)).toBe(exit.done);
      expect(lines[0]).toMatch(/no problem found/);
    },
  );

  it('check tells each problem with file, line and column, and ends with 2', async () => {
    const file = written(
      'bad.yaml',
      builtinText('allinpay-mis').replace('charset: gbk', 'charset: gpk'),
    );
    const { lines, output } = listening();
    expect(await profileCommand('check', file, undefined, output)).toBe(exit.wrongUsage);
    expect(lines).toEqual([
      `${file}:13:1 charset: must be one of ascii, latin1, utf8, gbk, euc-kr, cp437.`,
    ]);
  });

  it('explain draws every request byte by byte', async () => {
    const { lines, output } = listening();
    await profileCommand('explain', 'allinpay-mis', undefined, output);
    const from = lines.indexOf('last');
    expect(lines.slice(from, from + 8).map((line) => line.trimEnd())).toEqual([
      'last',
      '  02                                               start',
      '  00 24                                            length: counts body (bcd)',
      '  9F 00 00 05 41 50 50 30 31                       9F00 application = APP01  (应用名)',
      '  9F 01 00 01 0F                                   9F01 type = 15  (交易类型)',
      '  9F 1A 00 06 41 31 42 32 43 33                    9F1A mark = A1B2C3  (TransCheck 交易唯一标识)',
      '  03                                               end',
      '  9E                                               check: xor from length to end',
    ]);
  });

  it.each(builtinProfiles)('explain has an example of every command of %s', async (name) => {
    const { lines, output } = listening();
    await profileCommand('explain', name, undefined, output);
    expect(lines.filter((line) => line.includes('no example'))).toEqual([]);
  });

  it('test says which byte of which vector differs, and ends with 1', async () => {
    const right = listening();
    const all = await profileCommand('test', 'allinpay-mis', vectors('allinpay-mis'), right.output);
    expect(all).toBe(exit.done);
    expect(right.lines.at(-1)).toBe('4 of 4 vectors agree.');

    const other = written(
      'other.yaml',
      builtinText('allinpay-mis').replace('over: [length, end]', 'over: [body, end]'),
    );
    const wrong = listening();
    const some = await profileCommand('test', other, vectors('allinpay-mis'), wrong.output);
    expect(some).toBe(exit.certainlyNotDone);
    expect(wrong.lines).toContain('FAIL query for the last transaction');
    expect(wrong.lines.join('\n')).toMatch(/byte 18: made 49, wanted 5d/);
    expect(wrong.lines.join('\n')).toMatch(/the check does not agree/);
  });

  it('takes no file that is not there, and no vectors that are none', async () => {
    const { output } = listening();
    await expect(profileCommand('check', join(folder, 'none'), undefined, output)).rejects.toThrow(
      /cannot be read/,
    );
    await expect(profileCommand('test', 'allinpay-mis', undefined, output)).rejects.toThrow(
      /needs a file of vectors/,
    );
    const empty = written('empty.yaml', '- name: x');
    await expect(profileCommand('test', 'allinpay-mis', empty, output)).rejects.toThrow(
      /malformed/,
    );
  });
});

describe('tillwire decode --profile', () => {
  it('reads frames by a file, and hides what is secret', async () => {
    const { lines, output } = listening();
    const profile = builtinPath('allinpay-mis');
    const pan = Buffer.from('4111111111111111').toString('hex');
    const body = `9f01000102 9f0b0010${pan} 9f1b000432373132`.replaceAll(' ', '');
    const length = String(body.length / 2).padStart(4, '0');
    const check = Buffer.from(`${length}${body}03`, 'hex').reduce((sum, byte) => sum ^ byte, 0);
    const hex = `02${length}${body}03${check.toString(16).padStart(2, '0')}`;
    await decode(
      hex.slice(0, 10),
      [hex.slice(10)],
      { framing: 'serial', from: 'terminal', profile },
      output,
    );
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      {
        kind: 'frame',
        check: 'ok',
        code: '2',
        name: 'sale answer',
        fields: { type: '2', card: '************1111', expiry: '***' },
      },
    ]);
  });

  it('wants a protocol or a file', async () => {
    const { output } = listening();
    await expect(decode(undefined, [], { framing: 'serial' }, output)).rejects.toThrow(
      /--profile FILE/,
    );
  });
});
