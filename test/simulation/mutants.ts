import type { Invariant } from './invariants.ts';

/** A driver with one thing wrong: the text in the file, and what stands there instead. */
export interface Mutant {
  readonly name: string;
  readonly changes: readonly {
    readonly file: string;
    readonly from: string;
    readonly to: string;
  }[];
  /** At least one of these must be seen to be violated. */
  readonly breaks: readonly Invariant[];
}

const change = (file: string, from: string, to: string) => ({ file, from, to });

export const mutants: readonly Mutant[] = [
  {
    name: 'the mark is not waited for before the first byte leaves',
    changes: [
      change(
        'src/driver/send-money.ts',
        "await record(context, key, { type: 'sent',",
        "void record(context, key, { type: 'sent',",
      ),
    ],
    breaks: ['I5'],
  },
  {
    name: 'the journal acknowledges before it is durable',
    changes: [
      change(
        'test/simulation/process.ts',
        'const result = await reach(effect);',
        "if (what !== 'intent' && !what.endsWith('?')) { clock.after(40, () => { if (alive) effect(); }); return undefined as T; }\n      const result = await reach(effect);",
      ),
    ],
    breaks: ['I5', 'I4', 'I3'],
  },
  {
    name: 'the journal forgets the intents that are open',
    changes: [change('src/journal/standing.ts', "sent: 'open',", 'sent: undefined,')],
    breaks: ['I5', 'I4'],
  },
  {
    name: 'an open intent does not block the next command',
    changes: [
      change('src/driver/intent.ts', '    await nothingOpen(context);\n    const {', '    const {'),
    ],
    breaks: ['I4', 'I6'],
  },
  {
    name: 'a key whose command has left is sent again',
    changes: [
      change(
        'src/driver/intent.ts',
        'if (known !== undefined && hasLeft(known))',
        'if (known !== undefined && known === undefined)',
      ),
    ],
    breaks: ['I1', 'I3', 'I4', 'I6'],
  },
  {
    name: 'each call gets a key of its own',
    changes: [
      change(
        'src/terminal/terminal.ts',
        'const key = options.key ?? this.#freshKey();\n    return',
        'const key = this.#freshKey();\n    return',
      ),
    ],
    breaks: ['I4', 'I10', 'I15'],
  },
  {
    name: 'the outcome is told and not written down',
    changes: [
      change(
        'src/driver/intent.ts',
        "await record(context, intent.key, { type: 'answer', answer }, { type: 'outcome', result });",
        "await record(context, intent.key, { type: 'answer', answer });",
      ),
    ],
    breaks: ['I4', 'I9', 'I10'],
  },
  {
    name: 'the check of a frame is not looked at',
    changes: [
      change(
        'src/framing/stx-etx-lrc.ts',
        'held.find((start) => (check ^ start.check) === received)',
        'held[0]',
      ),
    ],
    breaks: ['I3', 'I4', 'I7'],
  },
  {
    name: 'a money command is sent again on silence',
    changes: [
      change(
        'src/protocols/ack-nak.ts',
        'if (spec.repeatOnSilence && state.sent < tries)',
        'if (state.sent < tries)',
      ),
    ],
    breaks: ['I6'],
  },
  {
    name: 'a late answer is credited to the next command: no silence, no poll, no waiting for the ACK',
    changes: [
      change('src/driver/line.ts', 'if (this.#disturbed) await this.provenIdle();', ''),
      change(
        'src/protocols/ack-nak.ts',
        'if (early && !(reading.names && state.previousAnswer !== undefined))',
        'if (early && state.sent < 0)',
      ),
      change(
        'src/protocols/ack-nak.ts',
        "if (state.phase !== 'acknowledgement' || state.previousAnswer === undefined) return false;",
        'if (state.previousAnswer === undefined || state.sent > 0) return false;',
      ),
    ],
    breaks: ['I3', 'I7'],
  },
  {
    name: 'the answer to a sale may name another sale',
    changes: [
      change(
        'src/driver/book.ts',
        'await mustName(context, order, differencesOf(order, transaction), answer);',
        '',
      ),
    ],
    breaks: ['I3'],
  },
  {
    name: 'the last transaction is not compared with the target',
    changes: [
      change(
        'src/driver/void.ts',
        'if (list.length > 0)\n    return',
        'if (list.length > 99)\n    return',
      ),
    ],
    breaks: ['I2'],
  },
  {
    name: 'an unlisted code counts as declined',
    changes: [
      change(
        'src/protocols/transbank/codes.ts',
        "return { meaning: 'unknown', text: `response code",
        "return { meaning: 'declined', text: `response code",
      ),
    ],
    breaks: ['I3'],
  },
  {
    name: 'three refusals count as not carried out',
    changes: [
      change(
        'src/driver/send-money.ts',
        "outcome.failure === 'not-acknowledged' && (await isProvenUndone(context, order))",
        "outcome.failure === 'not-acknowledged'",
      ),
    ],
    breaks: ['I3'],
  },
  {
    name: 'recovery says "not done" without anything that it knew before',
    changes: [
      change(
        'src/driver/conclude.ts',
        "if (nothingSince) return { type: 'not-done' };",
        "return { type: 'not-done' };",
      ),
    ],
    breaks: ['I3'],
  },
  {
    name: 'recovery takes a sale that was known for the one in doubt',
    changes: [
      change(
        'src/driver/conclude.ts',
        '      !isKnown(entry),\n',
        '      isKnown(entry) !== undefined,\n',
      ),
    ],
    breaks: ['I3'],
  },
  {
    name: 'what is written to a lost port leaves at the next opening',
    changes: [
      change(
        'test/simulation/line.ts',
        'if (current !== mine || !owner.alive) return false;',
        'if (current !== mine) { late.push(bytes.slice()); return true; }',
      ),
      change(
        'test/simulation/line.ts',
        'const mine = { owner, listener };',
        'const mine = { owner, listener }; for (const bytes of late.splice(0)) { owner.writes(epoch, bytes); toTerminal.send(bytes); }',
      ),
      change(
        'test/simulation/line.ts',
        'let struck = false;',
        'let struck = false; const late: Uint8Array[] = [];',
      ),
    ],
    breaks: ['I5', 'I6', 'I9'],
  },
  {
    name: 'the lock never holds',
    changes: [
      change(
        'src/journal/lock.ts',
        'if (other !== undefined) throw held(terminal, other);',
        'if (other === holder) throw held(terminal, other);',
      ),
    ],
    breaks: ['I4', 'I8'],
  },
  {
    name: 'a new subscriber runs the command again',
    changes: [
      change('src/terminal/command.ts', 'resetOnRefCountZero: false', 'resetOnRefCountZero: true'),
    ],
    breaks: ['I3', 'I4', 'I8', 'I9', 'I15'],
  },
  {
    name: 'the card number goes through',
    changes: [
      change(
        'src/protocols/transbank/fields.ts',
        "text.replace(/\\s/g, '').slice(-4)",
        "text.replace(/\\s/g, '')",
      ),
      change(
        'src/protocols/transbank/answers.ts',
        'maskCardNumbers(value) : value',
        'value : value',
      ),
    ],
    breaks: ['I13'],
  },
  {
    name: 'amounts out of range are sent',
    changes: [
      change(
        'src/protocols/refusal.ts',
        "if (typeof amount !== 'number' || !Number.isSafeInteger(amount) || amount < min || amount > max)",
        "if (typeof amount !== 'number')",
      ),
    ],
    breaks: ['I14'],
  },
  {
    name: 'a lost connection does not end the exchange',
    changes: [change('src/driver/line.ts', 'this.#running?.lost(endedBecause(reason));', '')],
    breaks: ['I9'],
  },
];
