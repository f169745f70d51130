import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apdu } from '../../src/framing/apdu.ts';
import { toHex, toLatin1 } from '../../src/framing/bytes.ts';
import { dleCrcFrame } from '../../src/framing/dle-crc.ts';
import { ecr17Frame, ecr17Progress } from '../../src/framing/ecr17-frame.ts';
import type { Frame } from '../../src/framing/frame.ts';
import { stxFrame } from '../../src/framing/stx-etx-lrc.ts';
import { isProfileProtocol } from '../../src/profiles/compile.ts';
import { writeMessage } from '../../src/profiles/message.ts';
import { message as neo2Message } from '../../src/protocols/idtech-neo2/message.ts';
import { response as poslinkResponse } from '../../src/protocols/pax-poslink/groups.ts';
import type { Protocol } from '../../src/protocols/protocol.ts';
import { plainSetup, protocols } from '../../src/protocols/table.ts';
import { maskingOf } from '../../src/trace/maskings.ts';
import { deframerFor, readFrame } from '../../src/trace/read-frame.ts';
import type { Side, WireFrame } from '../../src/trace/wire-frame.ts';

const pan = '4111111111111111';
const noCard = '4111111111111112';

const load = async (name: string, transport = 'serial'): Promise<Protocol> => {
  const entry = protocols.get(name);
  if (entry === undefined) throw new Error(name);
  const texts = new Map([
    ...(name === 'smartro-tl3500' ? [['terminal-id', 'TL3500BP00000001'] as const] : []),
    ...(name === 'bank-mis-ingenico' ? [['last-type', '10'] as const] : []),
    ...(name === 'paycloud-ecrhub' ? [['app-id', 'wz6012822ca2f1as78'] as const] : []),
  ]);
  return entry.load({ ...plainSetup, transport, texts });
};

const read = (protocol: Protocol, from: Side, bytes: Uint8Array): WireFrame[] => {
  const deframer = deframerFor(protocol, from);
  return [...deframer.push(bytes), ...deframer.flush()].map((frame) =>
    readFrame(protocol, frame, { at: 1, epoch: 1, from }),
  );
};

/** Everything that the frame could tell, however it is written down. */
const written = (frame: WireFrame): string => {
  const bytes = Buffer.from(frame.hex, 'hex');
  return [
    JSON.stringify(frame),
    inspect(frame, { depth: null }),
    bytes.toString('latin1'),
    frame.hex,
  ].join('\n');
};

/** No five digits of the number in a row, in text or packed. */
const expectLastFourOnly = (frames: readonly WireFrame[], number = pan) => {
  const text = frames.map(written).join('\n');
  const packed = frames.map(({ hex }) => hex).join('\n');
  const asText = toHex(toLatin1(number));
  for (let at = 0; at + 12 <= number.length; at++)
    expect(text).not.toContain(number.slice(at, at + 12));
  expect(text).not.toContain(number.slice(-5));
  expect(packed).not.toContain(asText.slice(-10));
  expect(text).toContain(number.slice(-4));
};

const again = (protocol: Protocol, from: Side, [frame]: readonly WireFrame[]) =>
  read(protocol, from, Uint8Array.from(Buffer.from(frame?.hex ?? '', 'hex')));

const bcd = (digits: string) => Uint8Array.from(Buffer.from(digits, 'hex'));

const saleWith = (card: string) =>
  stxFrame(
    toLatin1(
      `0210|00|597029414300|75001234|AB1234|123456|1500|||${card}|000081|CR|||VI|22112026|101112||`,
    ),
  );

const paid = (card: string) =>
  ecr17Frame(
    toLatin1(
      `123456780E00${card.padStart(19, '0')}ICC12345632610301${'10000000021'}000123000456${'000'}00001500${'0'.repeat(10)}`,
    ),
    'noext',
  );

/** 04 0F with the card number in BMP 22, the amount, and a text line with the number in TLV 07. */
const statusInformation = (card: string) => {
  const line = toLatin1(`CARD ${card}`);
  return apdu(
    0x04,
    0x0f,
    Uint8Array.of(
      ...[0x27, 0x00, 0x04, ...bcd('000000001500')],
      ...[0x22, 0xf0, 0xf8, ...bcd(card)],
      ...[0x23, 0xf1, 0xf0, ...bcd('4111111111111111d251'), 0x0e, 0x25, 0x12],
      ...[0x06, line.length + 2, 0x07, line.length, ...line],
    ),
  );
};

/** T01 with the number, its expiry and its holder in the account group, and its BIN in the additional data. */
const poslink = (card: string) =>
  poslinkResponse({ status: '0', command: 'T01', version: '1.44', code: '000000', text: 'OK' }, [
    ['00', 'APPROVAL', '123456', '1'],
    ['01'],
    ['1500'],
    [card, '1', '2512', '', 'DOE/JANE', '', '01'],
    ['7', 'AB1234', '20261122101112'],
    [],
    [],
    [],
    ['SN=12345678', `CARDBIN=${card.slice(0, 6)}`, `TRACK=${card}=2512`],
  ]);

const json = (value: object) => toLatin1(`${JSON.stringify(value)}\0`);

describe('a frame on the wire in words', () => {
  const answers: [string, string, string, Uint8Array][] = [
    ['transbank', 'serial', 'sale answer', saleWith(pan)],
    [
      'transbank-autoservicio',
      'serial',
      'sale answer',
      stxFrame(
        toLatin1(
          `0210|00|597029414300|75001234|AB1234|123456|1500|${pan}|000081|CR|||VI|22112026|101112|CARD ${pan}||||`,
        ),
      ),
    ],
    ['ecr17', 'serial', 'extended payment result', paid(pan)],
    ['pax-poslink', 'tcp', 'credit transaction answer', poslink(pan)],
    ['zvt', 'serial', 'status information', dleCrcFrame(statusInformation(pan))],
    ['zvt', 'tcp', 'status information', statusInformation(pan)],
    [
      'privatbank',
      'serial',
      'sale',
      json({
        method: 'Purchase',
        step: 0,
        params: { amount: '15.00', pan, track2: `${pan}=2512`, responseCode: '0000', more: pan },
        error: false,
        errorDescription: '',
      }),
    ],
  ];

  it.each(answers)(
    'of %s over %s holds no more of a card than four digits',
    async (name, transport, is, bytes) => {
      const protocol = await load(name, transport);
      const frames = read(protocol, 'terminal', bytes);
      expect(frames.map((frame) => [frame.name, frame.check, frame.length])).toEqual([
        [is, 'good', bytes.length],
      ]);
      expectLastFourOnly(frames);
    },
  );

  it.each(answers)(
    'of %s over %s can be read again, and says the same',
    async (name, transport, _is, bytes) => {
      const protocol = await load(name, transport);
      const frames = read(protocol, 'terminal', bytes);
      const second = again(protocol, 'terminal', frames);
      expect(second[0]?.check).toBe('good');
      expect(second[0]?.name).toBe(frames[0]?.name);
      expect(second[0]?.hex).toBe(frames[0]?.hex);
      expect(JSON.stringify(second[0]?.fields)).toContain('1111');
    },
  );

  it('shows no half of a number that a receipt of ECR17 has in two frames', async () => {
    const protocol = await load('ecr17');
    const part = (text: string) => ecr17Frame(toLatin1(`123456780S${text}`), 'std');
    const frames = [
      ...read(protocol, 'terminal', part(`STAN 000123}CARD ${pan.slice(0, 10)}`)),
      ...read(protocol, 'terminal', part(`${pan.slice(10)}}AUTH 654321}\x1b`)),
    ];
    expect(frames.map(({ name, check }) => [name, check])).toEqual([
      ['receipt', 'good'],
      ['receipt', 'good'],
    ]);
    const text = frames.map(written).join('\n');
    expect(text).not.toContain(pan.slice(0, 5));
    expect(text).not.toContain('11111');
    expect(text).toContain('STAN 000123');
    expect(text).toContain('AUTH 654321');
  });

  it('hides a number in the card field even if it is none that a card could have', async () => {
    const transbank = await load('transbank');
    expectLastFourOnly(read(transbank, 'terminal', saleWith(noCard)), noCard);
    const ecr17 = await load('ecr17');
    expectLastFourOnly(read(ecr17, 'terminal', paid(noCard)), noCard);
  });

  it.each([
    [
      'registration',
      '0600',
      '123456',
      apdu(0x06, 0x00, Uint8Array.of(...bcd('123456'), 0x8e, 0x09, 0x78)),
    ],
    [
      'reversal',
      '0630',
      '123456',
      apdu(0x06, 0x30, Uint8Array.of(...bcd('123456'), 0x87, 0x00, 0x01)),
    ],
    ['end of day', '0650', '123456', apdu(0x06, 0x50, bcd('123456'))],
    ['change of password', '0695', '654321', apdu(0x06, 0x95, bcd('123456654321'))],
    ['a command that nobody knows', '06a1', '123456', apdu(0x06, 0xa1, bcd('00123456'))],
    ['a bitmap in an authorisation', '0601', '123456', apdu(0x06, 0x01, bcd('3d123456'))],
    ['a command that breaks off', '0601', '123456', apdu(0x06, 0x01, bcd('040000123456'))],
  ])('holds no ZVT password: %s', async (_what, control, password, bytes) => {
    for (const transport of ['serial', 'tcp']) {
      const protocol = await load('zvt', transport);
      const frames = read(protocol, 'till', transport === 'tcp' ? bytes : dleCrcFrame(bytes));
      expect(frames).toHaveLength(1);
      expect(frames[0]?.hex).toContain(control);
      expect(frames.map(written).join()).not.toContain(password);
      expect(again(protocol, 'till', frames)[0]?.check).toBe('good');
    }
  });

  it('holds no PIN data and no track of PrivatBank, wherever it stands', async () => {
    const protocol = await load('privatbank');
    const secret = 'A1B2C3D4E5F60718';
    const bytes = json({
      method: 'Purchase',
      pinblock: secret,
      params: { pinblockNew: secret, hash: secret, list: [secret, 7_771_234], amount: '1.00' },
    });
    const frames = read(protocol, 'till', bytes);
    expect(frames.map(written).join()).not.toContain(secret);
    expect(frames.map(written).join()).not.toContain('7771234');
    expect(again(protocol, 'till', frames)[0]?.fields).toEqual(frames[0]?.fields);
  });

  it('shows of a reader only what was asked, not what it read', async () => {
    const neo2 = await load('idtech-neo2');
    const track = toLatin1(`;${pan}=25121010000012345678?`);
    const [frame] = read(neo2, 'terminal', neo2Message('terminal', 0x02, 0x23, track));
    expect(frame).toMatchObject({ check: 'good', fields: { dataBytes: track.length } });
    expect(written(frame ?? ({} as WireFrame))).not.toContain('1111');
    const [ping] = read(neo2, 'till', neo2Message('till', 0x18, 0x01));
    expect(ping).toMatchObject({ from: 'till', name: 'ping', check: 'good' });
    const rba = await load('ingenico-rba');
    const [swiped] = read(rba, 'terminal', stxFrame(toLatin1(`23.0${pan}=2512`)));
    expect(swiped).toMatchObject({ name: 'card read', check: 'good' });
    expect(written(swiped ?? ({} as WireFrame))).not.toContain('1111');
  });

  it('shows neither BIN nor expiry nor holder of POSLINK, and no card that was typed in', async () => {
    const protocol = await load('pax-poslink', 'tcp');
    const [answer] = read(protocol, 'terminal', poslink(pan));
    expect(answer?.check).toBe('good');
    const text = written(answer ?? ({} as WireFrame));
    for (const secret of ['JANE', pan.slice(0, 6), '\x1f2512\x1f'])
      expect(text).not.toContain(secret);
    expect(text).toContain('SN=12345678');
    const typed = ['T00', '1.44', '01', '1500', `${pan}\x1f2512\x1f123`, '7\x1fAB1234'];
    const sale = read(protocol, 'till', stxFrame(toLatin1(typed.join('\x1c'))));
    expect(sale).toMatchObject([{ name: 'credit transaction', check: 'good' }]);
    expect(sale.map(written).join()).not.toContain('1111');
  });

  it.each(['allinpay-mis', 'bank-mis-ingenico', 'smartro-tl3500', 'paycloud-ecrhub'])(
    'of the profile %s holds no more of a card than four digits, and nothing secret',
    async (name) => {
      const protocol = await load(name);
      if (!isProfileProtocol(protocol)) throw new Error(name);
      const { wire } = protocol;
      const fields = wire.fields('terminal');
      const secrets = fields.filter(({ secret, type }) => secret === true && type === 'text');
      const values = fields
        .filter(({ means, secret }) => means === 'card' || secret === true)
        .filter(({ type }) => type === 'text' || type === 'digits')
        .map((field): [string, string] => [
          field.name,
          field.means === 'card' ? pan : 'Q'.repeat(field.size ?? 4),
        ]);
      const answer = Object.entries(wire.profile.commands.sale?.answer.when ?? {});
      const bytes = writeMessage(wire, 'terminal', [
        ...answer.map(([key, value]): [string, string] => [key, [value].flat()[0] ?? '']),
        ...values,
      ]);
      if ('limit' in bytes) throw new Error(JSON.stringify(bytes));
      const frames = read(protocol, 'terminal', bytes);
      expect(frames).toHaveLength(1);
      const text = frames.map(written).join();
      expect(text).not.toContain(pan.slice(0, 12));
      expect(text).not.toContain(toHex(toLatin1(pan)).slice(0, 24));
      if (secrets.length > 0) expect(text).not.toContain('QQQQ');
      expect(again(protocol, 'terminal', frames)[0]?.check).toBe('good');
    },
  );

  it('believes nothing in a frame whose check is bad, and keeps the check bad', async () => {
    const protocol = await load('transbank');
    const bytes = saleWith(noCard);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 0x01;
    const [frame] = read(protocol, 'terminal', bytes);
    expect(frame).toMatchObject({ name: 'sale answer', check: 'bad', fields: {} });
    expect(written(frame ?? ({} as WireFrame))).not.toContain('1112');
    expect(again(protocol, 'terminal', frame === undefined ? [] : [frame])[0]?.check).toBe('bad');
  });

  it('tells control bytes and noise by name', async () => {
    const protocol = await load('transbank');
    const frames = read(protocol, 'terminal', Uint8Array.of(0x06, 0x15, 0xf8, ...toLatin1(pan)));
    expect(frames.map(({ name, hex, length }) => [name, hex, length])).toEqual([
      ['ACK', '06', 1],
      ['NAK', '15', 1],
      ['noise', `f8${'ee'.repeat(16)}`, 17],
    ]);
    const ecr17 = await load('ecr17');
    const progress = ecr17Progress(toLatin1('INSERIRE CARTA'));
    expect(read(ecr17, 'terminal', progress)).toMatchObject([
      { name: 'progress', hex: toHex(progress), check: 'good' },
    ]);
  });

  it.each([...protocols.keys()].filter((name) => name !== 'profile'))(
    'is shown with its bytes for %s: somebody has said what they must not show',
    async (name) => {
      expect(maskingOf(await load(name))).toBeDefined();
    },
  );

  it('can be made of whatever comes, and shows no digits of what nobody could read', async () => {
    const names = [...protocols.keys()].filter((name) => name !== 'profile');
    const all = await Promise.all(names.map((name) => load(name)));
    fc.assert(
      fc.property(
        fc.constantFrom(...all),
        fc.constantFrom<Side>('till', 'terminal'),
        fc.uint8Array({ maxLength: 60 }),
        fc.boolean(),
        (protocol, from, data, ok) => {
          for (const { name, check, hex } of read(protocol, from, data)) {
            expect(name).not.toBe('unreadable frame');
            if (check !== 'good' && data.length > 1) expect(hex).not.toMatch(/^(?:\d\d){5}/);
          }
          // The frames of a profile hold what its deframer let through.
          if (isProfileProtocol(protocol)) return;
          const frame: Frame = ok
            ? { kind: 'frame', check: 'ok', data, bytes: data }
            : { kind: 'frame', check: 'bad', data, bytes: data, expected: Uint8Array.of(0) };
          const said = readFrame(protocol, frame, { at: 0, epoch: 1, from });
          expect(said.name).not.toBe('unreadable frame');
        },
      ),
      { numRuns: 500 },
    );
  });
});
