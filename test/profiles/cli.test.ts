import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type DecodeRequest, decode } from '../../src/cli/decode.ts';
import { exit } from '../../src/cli/exit.ts';
import type { Output } from '../../src/cli/output.ts';
import { profileCommand } from '../../src/cli/profile.ts';
import { packings } from '../../src/framing/hid-packings.ts';
import { builtinPath, builtinProfiles, builtinText } from '../../src/profiles/builtin.ts';
import { openTerminal } from '../../src/terminal/open.ts';

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
    expect(right.lines.at(-1)).toBe('9 of 9 vectors agree.');

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

  it('waits for nothing that is no file: a folder, a pipe, a device, something huge', async () => {
    const pipe = join(folder, 'pipe.yaml');
    execFileSync('mkfifo', [pipe]);
    const huge = written('huge.yaml', `# ${'x'.repeat(1_000_000)}`);
    const { output } = listening();
    for (const [path, why] of [
      [folder, /it is a folder/],
      [pipe, /no plain file/],
      ['/dev/zero', /no plain file/],
      [huge, /at most 1000000 are read/],
      [join(folder, 'C:\\pos\\terminal.yaml'), /ENOENT/],
    ] as const) {
      await expect(profileCommand('check', path, undefined, output)).rejects.toThrow(why);
      await expect(
        openTerminal(`profile+serial:/dev/null?file=${encodeURIComponent(path)}`),
      ).rejects.toMatchObject({ code: 'bad-settings', message: expect.stringMatching(why) });
    }
  });

  it('says on one line why a terminal of a broken profile is not opened', async () => {
    const file = written('broken.yaml', builtinText('allinpay-mis').replaceAll('tag:', 'tga:'));
    await expect(openTerminal(`profile+serial:/dev/null?file=${file}`)).rejects.toMatchObject({
      message: expect.stringMatching(
        /broken\.yaml is not loaded: [^\n]* 46:18 fields\.application\.tga: [^\n]* And \d+ more; tillwire profile check/,
      ),
    });
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

  it.each([...builtinProfiles])(
    'reads %s by its name, without the settings that only requests need',
    async (name) => {
      for (const [protocol, profile] of [
        [name, undefined],
        [undefined, name],
        [undefined, builtinPath(name)],
      ]) {
        const { lines, output } = listening();
        await decode(protocol, ['00'], { framing: 'serial', ...(profile && { profile }) }, output);
        expect(lines).toEqual(['{"kind":"noise","hex":"00","reason":"unframed"}']);
      }
    },
  );

  it('wants a protocol or a file', async () => {
    const { output } = listening();
    for (const name of [undefined, 'profile'])
      await expect(decode(name, [], { framing: 'serial' }, output)).rejects.toThrow(
        /--profile FILE/,
      );
  });
});

describe('tillwire decode --framing hid', () => {
  const vector = Buffer.from('0200149F00000541505030319F0100010F035D', 'hex');

  async function decoded(hex: string, how: Partial<DecodeRequest>, protocol = 'allinpay-mis') {
    const { lines, output } = listening();
    await decode(protocol, [hex], { framing: 'hid', from: 'till', ...how }, output);
    return lines.map((line): Record<string, unknown> => JSON.parse(line));
  }

  const reports = (packing: keyof typeof packings, size: number, ids: readonly number[] = []) =>
    packings[packing]
      .pack(vector, { ids, size })
      .map(({ id, data }) =>
        Buffer.concat([Buffer.from(ids.length > 0 ? [id] : []), data]).toString('hex'),
      );

  it('takes the stream out of whole reports, with ids and without', async () => {
    const frame = { kind: 'frame', check: 'ok', name: 'last' };
    expect(await decoded(reports('rba', 31, [2]).join(''), { packing: 'rba' })).toMatchObject([
      frame,
    ]);
    const small = { packing: 'length', reportSize: '8' };
    expect(await decoded(reports('length', 8).join(''), small)).toMatchObject([frame]);
  });

  it('tells where the reports cannot be right', async () => {
    const [first = '', second = '', third = ''] = reports('length', 8);
    const broken = await decoded(`${first}ff${second.slice(2)}${third}`, {
      packing: 'length',
      reportSize: '8',
    });
    expect(broken.map(({ kind }) => kind)).toEqual(['noise', 'gap', 'noise']);
    const foreign = await decoded(reports('rba', 31, [7]).join(''), { packing: 'rba' });
    expect(foreign).toMatchObject([{ kind: 'noise', reason: 'report' }]);
  });

  it('says what is missing: the packing, or the rest of a report', async () => {
    await expect(decoded('00', {})).rejects.toThrow(/one of these ways: rba, neo2.*--packing/);
    await expect(decoded('00', { packing: 'tight' })).rejects.toThrow(/packing can be rba/);
    await expect(decoded('0102', { packing: 'rba' })).rejects.toThrow(
      /HEX has 2 bytes, and each report of rba has 32, its id first/,
    );
    await expect(decoded('00', {}, 'ingenico-rba')).rejects.toThrow(/report of rba has 32/);
  });
});
