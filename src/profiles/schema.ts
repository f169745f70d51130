import { z } from 'zod';

/** The language of profiles: what may stand in the file that describes a terminal. */

const name = z
  .string()
  .regex(/^[a-z][A-Za-z0-9]*$/, 'a name: a small letter, then letters and digits')
  .describe('A name of your own choice, used elsewhere in this file.');

const hex = z
  .string()
  .regex(/^(?:[0-9A-Fa-f]{2})+$/, 'bytes in hexadecimal, in quotes: "02" or "55AA"')
  .describe('Bytes in hexadecimal, in quotes.');

const milliseconds = z.int().min(1).max(2_147_483_647);
const size = z.int().min(1).max(4_096).describe('A number of bytes.');
const text = z
  .string()
  .min(1)
  .max(2_000)
  .regex(/^\P{Cc}*$/u, 'text on one line, without control characters');

const checkRange = {
  over: z
    .tuple([name, name])
    .describe('The first and the last part that the check covers, both included.'),
  name: name.optional(),
  part: z.literal('check'),
};

const order = z.enum(['big', 'little']).default('big').describe('High byte first, or low.');
const seed = z.int().min(0).max(0xffff_ffff).default(0);

const part = z.union([
  z.strictObject({
    part: z.enum(['start', 'end', 'constant']),
    bytes: hex,
    name: name.optional().describe('What `counts` and `over` call it. Default: what part it is.'),
  }),
  z
    .strictObject({
      part: z.literal('length'),
      size: z.int().min(1).max(4),
      encoding: z
        .enum(['bcd', 'big', 'little', 'ascii'])
        .describe(
          'How fourteen is written in two bytes: bcd 00 14, big 00 0E, little 0E 00, ascii "14".',
        ),
      counts: z.array(name).min(1).default(['body']).describe('The parts whose bytes it counts.'),
      plus: z.int().min(-4_096).max(4_096).default(0).describe('Added to what is counted.'),
      name: name.optional(),
    })
    .describe('How long the frame is.'),
  z
    .strictObject({ part: z.literal('field'), field: name })
    .describe('A field of the message that stands outside its body. It needs a fixed size.'),
  z.strictObject({
    part: z.literal('body'),
    size: size.optional().describe('For bodies that always have the same length.'),
  }),
  z.strictObject({ ...checkRange, kind: z.literal('xor'), seed }),
  z.strictObject({
    ...checkRange,
    kind: z.literal('sum'),
    size: z.int().min(1).max(4).default(1),
    seed,
    complement: z.enum(['none', 'ones', 'twos']).default('none'),
    order,
  }),
  z.strictObject({
    ...checkRange,
    kind: z.literal('crc'),
    size: z.union([z.literal(1), z.literal(2), z.literal(4)]).default(2),
    polynomial: z.int().min(1).max(0xffff_ffff),
    initial: seed,
    reflected: z.boolean().default(false),
    finalXor: seed,
    order,
  }),
]);

const frame = z.strictObject({
  max: z.int().min(8).max(65_536).describe('The longest frame in bytes; a longer one is noise.'),
  parts: z
    .array(part)
    .min(2)
    .max(32)
    .describe('What a frame is made of, in the order of the wire.'),
  stuffing: z
    .strictObject({
      pairs: z
        .record(hex, hex)
        .describe('What stands on the wire for a byte of the body: {"AA": "AA00"}.'),
      counted: z
        .enum(['before', 'after'])
        .describe('Whether the length counts the body before or after stuffing.'),
    })
    .optional(),
});

const link = z.strictObject({
  kind: z
    .enum(['plain', 'ack-nak'])
    .describe(
      'plain: a request and its answer. ack-nak: every frame is acknowledged, as in Transbank.',
    ),
  acknowledges: z
    .boolean()
    .default(false)
    .describe(
      'plain: the terminal may say ACK once it has the request, before or in front of its answer.',
    ),
  enquiry: z.boolean().default(false).describe('The till says ENQ first and waits for ACK.'),
  acknowledgeIntermediates: z
    .boolean()
    .default(true)
    .describe('ack-nak: whether intermediate messages are acknowledged.'),
  confirm: z
    .record(name, z.union([z.string(), z.int()]))
    .optional()
    .describe(
      'plain: the frame with which the till confirms each message it takes; $received.FIELD is what the message had there.',
    ),
  outOfBand: z
    .array(
      z.strictObject({
        starts: z.string().min(1).max(32).describe('How this text outside any frame begins.'),
        means: z.enum(['log', 'notice']),
      }),
    )
    .default([])
    .describe(
      'Text that the terminal sends outside any frame. It is a sign of life and nothing more.',
    ),
});

const charset = z.enum(['ascii', 'latin1', 'utf8', 'gbk', 'euc-kr', 'cp437']);

const elementLength = z.discriminatedUnion('encoding', [
  z.strictObject({ encoding: z.literal('ber') }),
  z.strictObject({
    encoding: z.enum(['bcd', 'big', 'little', 'ascii']),
    size: z.int().min(1).max(4),
  }),
]);

const body = z.discriminatedUnion('codec', [
  z
    .strictObject({
      codec: z.literal('tlv'),
      tag: z.int().min(1).max(4).describe('How many bytes a tag has.'),
      length: elementLength,
      head: z.array(name).default([]).describe('Fields of fixed size in front of the elements.'),
      headEnd: hex.optional().describe('What stands between these and the elements.'),
      elementEnd: hex.optional().describe('What stands behind each element.'),
      nested: z.array(hex).default([]).describe('Tags whose value is made of elements itself.'),
    })
    .describe('Elements of tag, length and value.'),
  z.strictObject({ codec: z.literal('fixed') }).describe('Fields in columns of fixed width.'),
  z
    .strictObject({ codec: z.literal('delimited'), separator: hex })
    .describe('Fields in order with a separator between them.'),
  z.strictObject({ codec: z.literal('json') }).describe('One JSON object; UTF-8.'),
]);

/** What a field means to a till. */
export const meanings = [
  'amount',
  'ticket',
  'operationNumber',
  'receiptNumber',
  'trace',
  'authorisationCode',
  'terminalId',
  'commerceCode',
  'rrn',
  'batch',
  'card',
  'cardBrand',
  'instalments',
  'date',
  'time',
  'datetime',
  'code',
  'message',
  'receipt',
  'original.ticket',
  'original.operationNumber',
  'original.receiptNumber',
  'original.trace',
  'original.authorisationCode',
  'original.rrn',
  'original.datetime',
  'original.date',
  'original.time',
] as const;

const shape = {
  type: z
    .enum(['text', 'digits', 'bcd', 'number', 'hex'])
    .describe(
      'text: characters. digits: decimal digits, zeros on the left. bcd: two digits a byte. number: a binary integer. hex: bytes as they are.',
    ),
  size: size.optional().describe('Exactly so many bytes; shorter values are padded.'),
  max: size.optional().describe('At most so many bytes.'),
  pad: z
    .string()
    .length(1)
    .optional()
    .describe('What fills a text up to its size. Default: a blank.'),
  padBytes: z.enum(['blank', 'nul']).optional().describe('nul: filled with bytes 00 instead.'),
  side: z
    .enum(['left', 'right'])
    .optional()
    .describe('On which side a text is padded. Default: right.'),
  order: z.enum(['big', 'little']).optional().describe('number: high byte first, or low.'),
  charset: charset.optional(),
  amount: z
    .enum(['minor', 'decimal', 'formatted'])
    .optional()
    .describe('minor: 1500. decimal: 15.00. formatted: with currency and sign, RMB-15.00.'),
  format: z
    .string()
    .regex(/^(?:YYYY|YY|MM|DD|hh|mm|ss|[-:/. T])+$/, 'of YYYY, YY, MM, DD, hh, mm and ss')
    .optional()
    .describe('How date and time are written: YYYYMMDDhhmmss, MMDD, hhmmss.'),
  tag: z
    .string()
    .regex(
      /^(?:[0-9A-Fa-f]{2})+(?:\/(?:[0-9A-Fa-f]{2})+)?$/,
      'a tag in hexadecimal: "9F02", nested "DF06/DF10"',
    )
    .optional(),
  key: z
    .string()
    .regex(/^[^.]+(?:\.[^.]+)*$/)
    .optional()
    .describe('JSON: where it stands, biz_data.amount.'),
};

const field = z
  .strictObject({
    ...shape,
    means: z.enum(meanings).optional(),
    terminal: z
      .strictObject(shape)
      .partial()
      .optional()
      .describe('What is different when the terminal sends it.'),
    secret: z
      .boolean()
      .default(false)
      .describe('Never shown anywhere: expiry, track, PIN block. Card numbers need no such mark.'),
    sample: z.string().optional().describe('What the mock terminal sends in it. Default: nothing.'),
    title: text.optional().describe('The name in the vendor’s document.'),
  })
  .describe('One field of the messages.');

export const classes = [
  'approved',
  'declined',
  'cancelled',
  'not-found',
  'empty',
  'already-voided',
  'settled',
  'sign-in',
  'busy',
  'unknown',
] as const;

const code = z.union([z.enum(classes), z.strictObject({ class: z.enum(classes), text: text })]);

const values = z.union([z.string(), z.array(z.string()).min(1)]);

const transactionKind = z.enum(['purchase', 'void', 'refund', 'pre-authorisation', 'booking']);

const answer = z.strictObject({
  when: z
    .record(name, values)
    .default({})
    .describe('What its fields hold that tells it from others.'),
  fields: z
    .array(name)
    .default([])
    .describe('What it carries; with fixed and delimited bodies in this order.'),
  amount: z
    .enum(['told', 'asked'])
    .default('told')
    .describe(
      'asked: this terminal tells no amount, and what the till asked for is taken. Only where nothing better is to be had.',
    ),
  kind: z
    .strictObject({
      field: name,
      values: z.record(z.string(), transactionKind),
      otherwise: transactionKind.optional(),
      voidIf: name.optional().describe('A field that only a void has.'),
    })
    .optional()
    .describe('Whether the last transaction was a sale, a void or a refund.'),
  state: z
    .strictObject({
      field: name,
      values: z.record(z.string(), z.enum(['approved', 'declined', 'voided', 'settled', 'none'])),
    })
    .optional()
    .describe('What has become of the last transaction; none: there is none.'),
});

const prompt = z.strictObject({
  who: z.enum(['customer', 'cashier', 'nobody']),
  code: z.enum([
    'present-card',
    'confirm-amount',
    'enter-pin',
    'choose-instalments',
    'choose-account',
    'operate-card',
    'authorising',
    'remove-card',
    'wait',
    'other',
  ]),
  text,
});

const command = z.strictObject({
  send: z
    .record(name, z.union([z.string(), z.int()]))
    .describe(
      'The fields of the request: a constant, or $amount, $trace, $setting.operator; a ? behind it: left out where there is none.',
    ),
  answer,
  codes: z
    .record(z.string(), code)
    .default({})
    .describe('Codes that mean something else here; * in status: whatever comes.'),
  prompt: prompt.optional().describe('Somebody has to act at the terminal: who, and what.'),
  answerMs: milliseconds
    .optional()
    .describe('How long the answer may take, where a person is needed.'),
});

const voidCommand = command.extend({
  by: z
    .enum(['reference', 'checked-last', 'blind-last'])
    .describe(
      'reference: it names its sale. checked-last: the last one, which the terminal checks. blind-last: the last one, unseen.',
    ),
  references: z
    .array(
      z.enum(['receiptNumber', 'operationNumber', 'trace', 'authorisationCode', 'rrn', 'ticket']),
    )
    .default([])
    .describe(
      'What can name the sale, the best first. The first that is known is sent, the others are left out.',
    ),
});

const lastCommand = command.extend({
  prints: z.boolean().default(false).describe('It prints on the terminal’s paper.'),
  tellsVoids: z.boolean().describe('After a void it tells the void, or the sale as voided.'),
});

const commands = z.strictObject({
  status: command
    .optional()
    .describe('Changes nothing; the answer proves that the terminal is idle.'),
  opening: command.optional().describe('What has to be said first on a connection.'),
  sale: command.optional(),
  void: voidCommand.optional(),
  refund: command.optional(),
  last: lastCommand.optional().describe('The last transaction.'),
  find: lastCommand.optional().describe('One transaction by the till’s own reference.'),
  settle: command.optional(),
  others: z
    .record(z.string().regex(/^[a-z][a-z0-9-]*$/), command)
    .default({})
    .describe('Commands of this terminal only that move no money: reprint, sign-in.'),
});

const send = z.record(name, z.union([z.string(), z.int()]));

const relay = z
  .strictObject({
    host: name.describe('The field that says to which host.'),
    port: name,
    data: name.describe('What the host is sent, as it is; a field of type hex.'),
    seconds: name.optional().describe('How long the terminal lets the host take.'),
    longestMs: z
      .int()
      .min(1_000)
      .max(600_000)
      .default(60_000)
      .describe('No longer than this, whatever it asks for.'),
    reply: z
      .strictObject({
        size: z.int().min(1).max(4),
        encoding: z.enum(['bcd', 'big', 'little', 'ascii']),
      })
      .describe('The length in front of the reply; it counts what is behind it.'),
    done: send.describe('What the terminal is told then; $relayed is the reply with its length.'),
    unreachable: send.optional().describe('No connection. Default: refuse.'),
    silent: send.optional().describe('No whole reply. Default: refuse.'),
  })
  .describe('How the till reaches the host; only where relay in the address allows it.');

const intermediate = z.strictObject({
  when: z.record(name, values),
  is: z
    .enum(['progress', 'log', 'ignore', 'relay', 'more'])
    .describe(
      'progress: somebody must act. log: a sign of life. ignore: not even that, such as a heartbeat. relay: it wants the till to reach its host. more: part of the answer to come.',
    ),
  fields: z.array(name).default([]),
  prompts: z
    .strictObject({ field: name, values: z.record(z.string(), prompt) })
    .optional()
    .describe('What each value of a field asks of whom.'),
  refuse: z
    .union([z.literal('silence'), send])
    .optional()
    .describe('relay: the frame that says no, or silence.'),
  relay: relay.optional(),
});

const setting = z.strictObject({
  title: text,
  default: z.string().optional(),
  pattern: z.string().optional().describe('A regular expression that the whole value must match.'),
});

const variant = z.strictObject({
  title: text,
  commands: commands.partial(),
});

export const profileSchema = z
  .strictObject({
    $schema: z.string().optional(),
    profile: z.literal(1).describe('The version of this language.'),
    name: z
      .string()
      .regex(/^[a-z][a-z0-9-]*$/, 'small letters, digits and -')
      .describe('What addresses and the journal call this protocol.'),
    title: text,
    status: z.enum(['experimental', 'example', 'tried']).describe('How far it can be trusted.'),
    verified: text.describe('What it was compared with, and what not. In plain words.'),
    line: z
      .strictObject({
        baudRate: z.int().min(50).max(4_000_000),
        dataBits: z.union([z.literal(7), z.literal(8)]).default(8),
        parity: z.enum(['none', 'even', 'odd']).default('none'),
        stopBits: z.union([z.literal(1), z.literal(2)]).default(1),
        rtscts: z.boolean().default(false).describe('Hardware flow control with RTS and CTS.'),
        dtr: z
          .boolean()
          .optional()
          .describe('Set DTR so after opening. Default: as the system has it.'),
        rts: z.boolean().optional().describe('Set RTS so after opening; not with rtscts.'),
      })
      .describe('The serial line.'),
    tcpPort: z.int().min(1).max(65_535).optional(),
    currency: z.string().regex(/^[A-Z]{3}$/, 'a currency of ISO 4217: CNY'),
    charset: charset.default('ascii'),
    year: z
      .enum(['none', 'till'])
      .default('none')
      .describe(
        'Dates without a year: tell no time, or take the till’s year (the one before, for a day to come).',
      ),
    settings: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), setting).default({}),
    timing: z.strictObject({
      acknowledgementMs: milliseconds.default(5_000),
      answerMs: milliseconds.describe('Longer than the terminal’s own time-out.'),
      interByteMs: milliseconds.default(1_000),
      quietMs: milliseconds.default(1_000),
      recoveryMs: milliseconds.default(60_000),
    }),
    link,
    frame,
    body,
    fields: z.record(name, field),
    codes: z.strictObject({
      field: name.describe('The field that holds the response code.'),
      list: z
        .record(z.string(), code)
        .describe('What each code says. A code that is not here leaves a money command in doubt.'),
    }),
    correlation: z
      .strictObject({
        field: name,
        required: z
          .boolean()
          .describe('An answer without it is somebody else’s. False: only another value is.'),
      })
      .optional()
      .describe(
        'What the answer repeats of its request. Another value: the answer to something else.',
      ),
    ticket: z
      .strictObject({
        length: z.int().min(1).max(40).describe('How long a reference the till makes.'),
        echoed: z.boolean().describe('The terminal stores it, and its last transaction tells it.'),
      })
      .default({ length: 6, echoed: false }),
    amount: z
      .strictObject({ min: z.int().min(1).default(1), max: z.int().min(1).max(999_999_999_999) })
      .describe('Amounts in minor units.'),
    sequence: z
      .strictObject({ from: z.int().min(0), to: z.int().min(1).max(999_999_999) })
      .optional()
      .describe('What $sequence counts through.'),
    commands,
    intermediates: z.array(intermediate).default([]),
    variants: z
      .record(z.string().regex(/^[a-z][a-z0-9-]*$/), variant)
      .default({})
      .describe(
        'Other commands for another rail (qr) or firmware, chosen with variant= in the address.',
      ),
  })
  .describe('A terminal, described for Tillwire.');

/** A profile as it was read: valid in itself, defaults filled in. */
export type Profile = z.infer<typeof profileSchema>;
export type FieldShape = Profile['fields'][string];
export type ProfileCommand = z.infer<typeof command>;
export type ProfileAnswer = z.infer<typeof answer>;
export type Meaning = (typeof meanings)[number];
export type ResultClass = (typeof classes)[number];
export type ProfilePrompt = z.infer<typeof prompt>;
export type Intermediate = z.infer<typeof intermediate>;
