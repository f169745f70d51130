import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtinText } from '../../src/profiles/builtin.ts';
import { readProfile } from '../../src/profiles/read.ts';

const sound = builtinText('allinpay-mis');

/** One thing wrong: what stands instead of what, where the problem is, and what it says. */
type Broken = readonly [
  what: string,
  from: string | RegExp,
  to: string,
  path: string,
  message: RegExp,
];

const broken: readonly Broken[] = [
  // The file
  ['an unclosed bracket', 'link: { kind: plain }', 'link: { kind: plain', '', /no YAML/],
  ['a tab for a blank', '  answerMs: 120000', '\tanswerMs: 120000', '', /no YAML/],
  ['a key twice', 'charset: gbk', 'charset: gbk\ncharset: gbk', '', /charset stands here twice/],
  [
    'a field twice',
    '  date: {',
    '  amount: { tag: "9F99", type: text }\n  date: {',
    '',
    /amount stands/,
  ],
  [
    'a name of JavaScript’s',
    '  "01": {',
    '  __proto__: approved\n    "01": {',
    '',
    /called __proto__/,
  ],
  ['two profiles', 'intermediates:', '---\nintermediates:', '', /a file holds one profile/],
  ['an escape sequence', '通联 MIS, COMPOS', '\u001b[2J', '', /no text in UTF-8/],
  ['bytes of GBK', '通联 MIS', 'Í¨Áª\ufffd', '', /Save the file as UTF-8/],
  [
    'a control character in a title',
    /title: Allinpay.*/,
    'title: "\\e[31m"',
    'title',
    /control characters/,
  ],
  ['a tag of its own', 'currency: CNY', 'currency: !!js/function CNY', '', /Unresolved tag/],
  ['an alias of nothing', '*transaction', '*nothing', '', /cannot be read|no YAML/],
  ['a key without quotes', '"00": approved', '00: approved', '', /Put the key 00 in quotes: "00"/],
  ['a code without quotes', 'type: ["15", "2"', 'type: [015, "2"', '', /Put 015 in quotes/],
  // Keys
  ['a version of the future', 'profile: 1', 'profile: 2', 'profile', /must be 1/],
  ['no name', 'name: allinpay-mis', '', 'name', /is missing; it must be text/],
  ['a name with blanks', 'name: allinpay-mis', 'name: My Terminal', 'name', /small letters/],
  ['a misspelt key', 'currency: CNY', 'curency: CNY', 'curency', /Did you mean currency/],
  [
    'a key of another place',
    'charset: gbk',
    'charset: gbk\nbaud: 9600',
    'baud',
    /There is no baud here/,
  ],
  ['a currency in words', 'currency: CNY', 'currency: yuan', 'currency', /ISO 4217/],
  ['an unknown charset', 'charset: gbk', 'charset: big5', 'charset', /one of ascii, latin1/],
  ['a speed in words', 'baudRate: 9600', 'baudRate: fast', 'line.baudRate', /must be/],
  [
    'a parity that is none',
    'baudRate: 9600',
    'baudRate: 9600, parity: mark',
    'line.parity',
    /none, even, odd/,
  ],
  ['a time-out of nothing', 'answerMs: 120000', 'answerMs: 0', 'timing.answerMs', /at least 1/],
  [
    'a time-out that is no number',
    'answerMs: 120000',
    'answerMs: .nan',
    'timing.answerMs',
    /number/,
  ],
  ['half a baud', 'baudRate: 9600', 'baudRate: 9600.5', 'line.baudRate', /a whole number/],
  [
    'a length below nothing',
    'length, size: 2',
    'length, size: -2',
    'frame.parts[1].size',
    /at least 1/,
  ],
  ['a size without end', 'size: 12', 'size: .inf', 'fields.amount.size', /must be a number/],
  [
    'an anchor that holds itself',
    'timing:\n',
    'timing: &t\n  more: *t\n',
    'timing.more',
    /no more here/,
  ],
  ['no time-out', '  answerMs: 120000\n', '', 'timing.answerMs', /is missing/],
  ['a link of its own', 'kind: plain', 'kind: telepathy', 'link.kind', /plain, ack-nak/],
  ['an amount limit of nothing', 'max: 999999999999', 'max: 0', 'amount.max', /1/],
  [
    'limits the wrong way round',
    'min: 1, max: 999999999999',
    'min: 9, max: 5',
    'amount.min',
    /more than the most/,
  ],
  // The frame
  ['an unknown part', 'part: length', 'part: lenght', 'frame.parts[1].part', /one of/],
  [
    'a start of no bytes',
    'part: start, bytes: "02"',
    'part: start, bytes: "2"',
    'frame.parts[0].bytes',
    /hexadecimal/,
  ],
  [
    'a start that is a number',
    'part: start, bytes: "02"',
    'part: start, bytes: 2',
    'frame.parts[0].bytes',
    /quotes/,
  ],
  [
    'no start',
    '    - { part: start, bytes: "02" }\n',
    '',
    'frame.parts[0]',
    /begins with a part start/,
  ],
  ['no body', '    - { part: body }\n', '', 'frame.parts', /exactly one part body/],
  [
    'a length of a strange kind',
    'encoding: bcd, counts',
    'encoding: roman, counts',
    'frame.parts[1].encoding',
    /bcd, big, little, ascii/,
  ],
  [
    'a length that counts nothing',
    'counts: [body]',
    'counts: [end]',
    'frame.parts[1].counts',
    /has to count the body/,
  ],
  [
    'a length of a part that is none',
    'counts: [body]',
    'counts: [boby]',
    'frame.parts[1].counts[0]',
    /There is no part boby; there are start/,
  ],
  [
    'a check over a part that is none',
    'over: [length, end]',
    'over: [len, end]',
    'frame.parts[4].over[0]',
    /There is no part len/,
  ],
  [
    'a check over itself',
    'over: [length, end]',
    'over: [length, check]',
    'frame.parts[4].over',
    /cannot cover itself/,
  ],
  [
    'a check backwards',
    'over: [length, end]',
    'over: [end, length]',
    'frame.parts[4].over',
    /first part comes before/,
  ],
  ['a check of one part', 'over: [length, end]', 'over: [length]', 'frame.parts[4].over', /.+/],
  [
    'a check of a strange kind',
    'kind: xor',
    'kind: md5',
    'frame.parts[4].kind',
    /one of xor, sum, crc/,
  ],
  [
    'frames shorter than their frame',
    'max: 4096',
    'max: 8\n  stuffing: { pairs: { "AA": "BB00" }, counted: before }',
    'frame.stuffing.pairs.AA',
    /must begin with AA/,
  ],
  [
    'nothing that ends the body',
    /- \{ part: length.*\n {4}- \{ part: body \}\n {4}- \{ part: end.*\n {4}- .*/,
    '- { part: body }',
    'frame.parts[1]',
    /Nothing tells where the body ends/,
  ],
  [
    'the length behind the body',
    /( {4}- \{ part: length.*\n)( {4}- \{ part: body \}\n)/,
    '$2$1',
    'frame.parts[2]',
    /in front of the body/,
  ],
  // Fields
  [
    'a tag that is too short',
    'tag: "9F02"',
    'tag: "9F"',
    'fields.amount',
    /has 1 bytes; this body's tags have 2/,
  ],
  ['no tag', 'tag: "9F02", ', '', 'fields.amount', /needs a tag/],
  [
    'a key of JSON in a body of tags',
    'tag: "9F02"',
    'tag: "9F02", key: amount',
    'fields.amount',
    /has a key, and this body is no JSON/,
  ],
  [
    'a binary number without size',
    'type: number, size: 1',
    'type: number',
    'fields.type',
    /needs a size/,
  ],
  ['a date without a format', ', format: MMDD', '', 'fields.date', /needs a format/],
  ['a format of nonsense', 'format: MMDD', 'format: month', 'fields.date.format', /YYYY, YY, MM/],
  ['a meaning that is none', 'means: rrn', 'means: rnn', 'fields.reference.means', /one of amount/],
  [
    'a decimal amount in digits',
    'size: 12, means: amount',
    'size: 12, means: amount, amount: decimal',
    'fields.amount',
    /type must be text/,
  ],
  // Codes
  [
    'a code field that is none',
    '  field: code\n',
    '  field: cod\n',
    'codes.field',
    /There is no field cod; there are/,
  ],
  [
    'no code that approves',
    '"00": approved',
    '"00": declined',
    'codes.list',
    /No code is approved/,
  ],
  ['a class that is none', 'class: sign-in', 'class: maybe', 'codes.list."77"', /one of approved/],
  // Commands
  [
    'a field that is none',
    'amount: $amount\n      operator',
    'amuont: $amount\n      operator',
    'commands.sale.send.amuont',
    /There is no field amuont/,
  ],
  [
    'a source that is none',
    'originalTrace: $trace',
    'originalTrace: $tracce',
    'commands.void.send.originalTrace',
    /\$tracce means nothing/,
  ],
  [
    'a source of another command',
    'type: 14 }',
    'type: 14, amount: $amount }',
    'commands.settle.send.amount',
    /settle has no \$amount/,
  ],
  [
    'a setting that is none',
    '$setting.app-name, type: 14',
    '$setting.app, type: 14',
    'commands.settle.send.application',
    /There is no setting app; there are app-name/,
  ],
  [
    'a void that names nothing',
    'references: [trace]',
    'references: []',
    'commands.void',
    /needs references/,
  ],
  [
    'a void by what it does not send',
    'references: [trace]',
    'references: [rrn]',
    'commands.void.references[0]',
    /sends no \$rrn/,
  ],
  [
    'a void by reference whose answer names no sale',
    /(type: 3\n[\s\S]*?)fields: \*transaction/,
    '$1fields: [application, type, amount, trace, code, mark]',
    'commands.void.answer.fields',
    /which sale was voided, in a field that means original.trace.*or write by: checked-last/,
  ],
  [
    'a sale without amount',
    'type: 2\n      amount: $amount',
    'type: 2',
    'commands.sale.send',
    /has to send the \$amount/,
  ],
  [
    'an answer without code',
    'fields: [application, type, merchant, terminalNumber, batch, code, message]',
    'fields: [application]',
    'commands.settle.answer',
    /carry the response code/,
  ],
  [
    'no way to ask afterwards',
    '  last:\n    tellsVoids: true\n',
    '  status:\n',
    'commands.sale',
    /nobody could find out/,
  ],
  [
    'a last transaction without a word on voids',
    '    tellsVoids: true\n',
    '',
    'commands.last.tellsVoids',
    /is missing; it must be true or false/,
  ],
  ['a relay without a refusal', /\n {4}refuse: .*/, '', 'intermediates[0]', /needs refuse/],
  [
    'a counter that does not count',
    'from: 100000, to: 999999',
    'from: 5, to: 5',
    'sequence.to',
    /more than from/,
  ],
  [
    'an expression that is none',
    'pattern: "[0-9A-Za-z]{1,8}"',
    'pattern: "[0-9"',
    'settings.operator.pattern',
    /no regular expression/,
  ],
  [
    'an expression that may take for ever',
    'pattern: "[0-9A-Za-z]{1,8}"',
    'pattern: "(a+)+"',
    'settings.operator.pattern',
    /repeats a group, which may take for ever/,
  ],
  [
    'an expression of many repetitions',
    'default: APP01, pattern: "[A-Za-z0-9]{1,10}"',
    `default: "${'a'.repeat(99)}", pattern: "a*a*a*a*a*a*b"`,
    'settings.app-name.pattern',
    /has 6 repetitions/,
  ],
  [
    'an expression that looks back',
    'pattern: "[0-9A-Za-z]{1,8}"',
    `pattern: '(a*)\\1'`,
    'settings.operator.pattern',
    /refers back/,
  ],
  // Relay
  [
    'a relay to nowhere',
    'host: relayHost',
    'host: relayHots',
    'intermediates[0].relay.host',
    /no field relayHots/,
  ],
  [
    'a relay of bytes that may be shown',
    'type: hex, secret: true }',
    'type: hex }',
    'intermediates[0].relay.data',
    /must be secret/,
  ],
  [
    'a relay whose reply is lost',
    'relayData: $relayed, ',
    '',
    'intermediates[0].relay.done',
    /has to be in it/,
  ],
  [
    'a relay that is none',
    '- is: relay',
    '- is: log',
    'intermediates[0].relay',
    /relay needs is: relay/,
  ],
  [
    'a relay by the clock',
    'code: "-114"',
    'code: $now',
    'intermediates[0].relay.silent.code',
    /A reply to a message has no \$now/,
  ],
  [
    'a request with the reply of a host',
    'type: 14 }',
    'type: 14, memo: $relayed }',
    'commands.settle.send.memo',
    /relay.done only/,
  ],
  [
    'a default that breaks its own rule',
    'default: APP01',
    'default: "A P"',
    'settings.app-name.default',
    /does not match/,
  ],
];

describe('a broken profile', () => {
  it('comes in more than fifty kinds here', () => {
    expect(broken.length).toBeGreaterThan(50);
  });

  it.each(broken)(
    'with %s is told, with its place and what would be right',
    (_, from, to, path, message) => {
      const text = sound.replace(from, to);
      expect(text).not.toBe(sound);
      const read = readProfile(text);
      if (read.type === 'profile') throw new Error('It was loaded.');
      const found = read.problems.find(
        (problem) => problem.path.startsWith(path) && message.test(problem.message),
      );
      expect(read.problems).toContainEqual(found ?? { path, message: String(message) });
      expect(found?.line).toBeGreaterThan(0);
      expect(read.problems.length).toBeLessThan(30);
    },
  );

  it('tells every problem at once, in the order of the lines', () => {
    const text = sound
      .replace('currency: CNY', 'currency: yuan')
      .replace('kind: xor', 'kind: md5')
      .replace('means: rrn', 'means: rnn');
    const read = readProfile(text);
    const lines = read.type === 'problems' ? read.problems.map(({ line }) => line ?? 0) : [];
    expect(lines.length).toBeGreaterThanOrEqual(3);
    expect(lines).toEqual([...lines].sort((a, b) => a - b));
    const at = (line: number) => text.split('\n')[line - 1];
    expect(at(lines[0] ?? 0)).toBe('currency: yuan');
  });

  it('is told so at once, however much there is of it', () => {
    const started = performance.now();
    const many = Array.from({ length: 20_000 }, (_, i) => `k${i}: ${i}`).join('\n');
    const read = readProfile(many);
    const problems = read.type === 'problems' ? read.problems : [];
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)?.message).toMatch(/^There are 199\d\d more problems/);
    for (const deep of ['['.repeat(50_000), `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`])
      expect(readProfile(deep)).toMatchObject({
        problems: [{ message: expect.stringMatching(/nested too deeply/), line: 1 }],
      });
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it.each([
    ['a mark at its beginning', (text: string) => `\ufeff${text}`],
    ['the line ends of Windows', (text: string) => text.replaceAll('\n', '\r\n')],
    ['the line ends of an old Macintosh', (text: string) => text.replaceAll('\n', '\r')],
  ])('is not one that has %s', (_, change) => {
    expect(readProfile(change(sound)).type).toBe('profile');
    const broken = change(sound.replace('currency: CNY', 'currency: yuan'));
    expect(readProfile(broken)).toMatchObject({ problems: [{ path: 'currency', line: 12 }] });
  });

  it.each(['', '  \n', '# nothing\n', 'null'])('that says nothing (%j) is told so', (text) => {
    expect(readProfile(text)).toMatchObject({
      problems: [{ message: 'There is nothing in this file.' }],
    });
  });

  it.each(['', 'null', '[]', '"text"', '12', '{}', '---\n---\n', '? [a]\n: b', '\0', '&a [*a]'])(
    'that is no profile at all (%j) is told so',
    (text) => {
      const read = readProfile(text);
      expect(read.type).toBe('problems');
    },
  );

  it('cannot be a bomb', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[i]}`).join(',')}]`).join('\n')}\n`;
    expect(readProfile(bomb).type).toBe('problems');
    expect(readProfile('a'.repeat(1_000_001)).type).toBe('problems');
  });

  it('never throws, whatever was left out or changed', () => {
    const lines = sound.split('\n');
    fc.assert(
      fc.property(
        fc.nat(lines.length - 1),
        fc.integer({ min: 1, max: 6 }),
        fc.string({ maxLength: 8 }),
        (from, count, text) => {
          const changed = [...lines];
          changed.splice(from, count, text);
          expect(['profile', 'problems']).toContain(readProfile(changed.join('\n')).type);
        },
      ),
      { numRuns: 150 },
    );
  });
});
