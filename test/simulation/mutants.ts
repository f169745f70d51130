import type { FamilyName } from './families.ts';
import type { Invariant } from './violation.ts';

interface Change {
  readonly file: string;
  /** Stands once in the file, or the mutant is out of date. */
  readonly from: string;
  readonly to: string;
}

/** A driver with one thing wrong: the text in the file, and what stands there instead. */
export type Mutant = {
  readonly name: string;
  readonly changes: readonly Change[];
} & (
  | {
      /** At least one of these must be seen to be violated by random runs, and no other. */
      readonly breaks: readonly Invariant[];
      /** Runs with terminals of this family only: it shows with them. */
      readonly family?: FamilyName;
    }
  | {
      /** A test of this file must fail. */
      readonly file: string;
      /** Words of its name. */
      readonly fails: string;
    }
);

const change = (file: string, from: string, to: string): Change => ({ file, from, to });

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
    family: 'transbank',
  },
  {
    name: 'each call gets a key of its own',
    changes: [
      change(
        'src/terminal/terminal.ts',
        'const key = options.key ?? this.#freshKey();\n    return this.#command(options, (context) => purchase(',
        'const key = this.#freshKey();\n    return this.#command(options, (context) => purchase(',
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
    family: 'transbank',
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
    family: 'transbank',
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
    family: 'transbank',
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
    family: 'transbank',
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
    breaks: ['I1', 'I3'],
    family: 'transbank',
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
    family: 'transbank',
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
    family: 'transbank',
  },
  {
    name: 'what is written to a lost port leaves at the next opening',
    changes: [
      change(
        'test/simulation/line.ts',
        'if (current !== mine || !owner.alive()) return false;',
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
    family: 'transbank',
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
  {
    name: 'the check of a frame that a profile describes is not looked at',
    changes: [
      change(
        'src/framing/shaped-deframer.ts',
        'if (!sameBytes(expected, data.subarray(at, end)))',
        'if (expected.length > 99)',
      ),
    ],
    breaks: ['I1', 'I2', 'I3', 'I4', 'I7', 'I9'],
    family: 'bank-mis-ingenico',
  },
  {
    name: 'a money command of a profile is sent again on silence',
    changes: [
      change(
        'src/profiles/plain-exchange.ts',
        '!spec.money && state.sent < tries ? send(state)',
        'state.sent < tries ? send(state)',
      ),
    ],
    breaks: ['I6'],
  },
  {
    name: 'a code that is not in the profile counts as declined',
    changes: [
      change(
        'src/profiles/meaning.ts',
        "return { class: 'unknown', code: shown, text };",
        "return { class: 'declined', code: shown, text };",
      ),
    ],
    breaks: ['I3'],
  },
  {
    name: 'what was refused at the line goes out again without proof',
    changes: [
      change(
        'src/driver/send-money.ts',
        'if (!undone || attempt === tries)',
        "if ((!undone && outcome.failure !== 'not-acknowledged') || attempt === tries)",
      ),
    ],
    file: 'test/terminal/purchase-and-query.test.ts',
    fails: 'whose ACK arrived as a NAK is not sent again',
  },
  {
    name: 'a terminal that keeps no reference is not asked for its last transaction before',
    changes: [
      change(
        'src/driver/book.ts',
        'const last = await lastBefore(context, key);',
        'const last: Transaction | undefined = undefined;',
      ),
    ],
    file: 'test/terminal/ecr17.test.ts',
    fails: 'finds out that a sale was not made',
  },
  {
    name: 'any later number is taken for the sale in doubt',
    changes: [change('src/driver/conclude.ts', '!(taken && isNext(last, one))', '!taken')],
    file: 'test/terminal/ecr17.test.ts',
    fails: 'takes no other sale of the same amount for the one in doubt',
  },
  {
    name: 'what was next to an old number is taken for the sale in doubt',
    changes: [
      change(
        'src/driver/conclude.ts',
        'const last = asked.ticket === undefined ? before : known.at(-1);',
        'const last = before ?? known.at(-1);',
      ),
    ],
    file: 'test/terminal/zvt-review.test.ts',
    fails: 'without a baseline of its own takes no number that is next to an old one',
  },
  {
    name: 'that the terminal had begun is taken for granted',
    changes: [
      change(
        'src/driver/recovery.ts',
        "taken: entries.some(({ type }) => type === 'taken'),",
        'taken: true,',
      ),
    ],
    file: 'test/terminal/zvt-review.test.ts',
    fails: 'a clerk sells the same price at once; ours was never begun',
  },
  {
    name: 'recovery says "not done" while the terminal may still be at work',
    changes: [
      change(
        'src/driver/recovery.ts',
        "if (inquiry.conclusion.type !== 'not-done' || early <= 0) return inquiry;",
        'return inquiry;',
      ),
    ],
    file: 'test/terminal/recovery.test.ts',
    fails: 'is called undone only after the time the terminal may still take',
  },
  {
    name: 'recovery waits as long as the till wants to, not the terminal',
    changes: [
      change(
        'src/driver/recovery.ts',
        'const { answerMs } = timing;',
        'const { answerMs = timing.answerMs } = context;',
      ),
    ],
    file: 'test/terminal/zvt-review.test.ts',
    fails: 'waits its time whatever time-out the till gives',
  },
  {
    name: 'a void that the terminal would not tell counts as not done',
    changes: [
      change(
        'src/driver/conclude.ts',
        'if (!whole && !tellsVoids) return unclear',
        'if (!whole && !tellsVoids && shown.length === 0) return unclear',
      ),
    ],
    file: 'test/terminal/ecr17.test.ts',
    fails: 'that it was not, nothing proves',
  },
  {
    name: 'an empty memory proves that nothing was done',
    changes: [
      change(
        'src/driver/conclude.ts',
        "if (transactions.length === 0)\n    return unclear('the terminal remembers no transaction at all; it may have settled since');",
        "if (transactions.length === 0) return { type: 'not-done' };",
      ),
    ],
    file: 'test/terminal/recovery.test.ts',
    fails: 'where nothing proves that the terminal has not settled',
  },
  {
    name: 'a memory without anything that was known proves that nothing was done',
    changes: [
      change('src/driver/conclude.ts', '? transactions.some(isKnown)', '? transactions.length > 0'),
    ],
    file: 'test/terminal/recovery.test.ts',
    fails: 'when a settlement and another sale came in between',
  },
  {
    name: 'another terminal at the same address may answer for the one that was asked',
    changes: [
      change(
        'src/driver/conclude.ts',
        'if (last !== undefined && transactions.some((entry) => otherTerminal(last, entry)))',
        'if (last !== undefined && transactions.length === 0)',
      ),
    ],
    file: 'test/terminal/zvt-review.test.ts',
    fails: 'does not take the sale of another terminal at the same address for ours',
  },
  {
    name: 'a key may stand for another command',
    changes: [
      change(
        'src/driver/intent.ts',
        'if (!sameCommand(intent, begun.intent)) throw',
        'if (intent.key !== begun.intent.key) throw',
      ),
    ],
    file: 'test/terminal/void.test.ts',
    fails: 'under the same key with another amount',
  },
  {
    name: 'a void may name another payment',
    changes: [
      change(
        'src/driver/void.ts',
        'if (list.length === 0 && !(silent && mustName)) return;',
        'if (!(silent && mustName)) return;',
      ),
    ],
    file: 'test/terminal/zvt.test.ts',
    fails: 'took back another payment than was asked for',
  },
  {
    name: 'a void may name nothing at all',
    changes: [
      change(
        'src/driver/void.ts',
        'if (list.length === 0 && !(silent && mustName)) return;',
        'if (list.length === 0) return;',
      ),
    ],
    file: 'test/terminal/privatbank.test.ts',
    fails: '["code-only@void","no-trn-status"]',
  },
  {
    name: 'a void goes out on a line that is out of step',
    changes: [change('src/driver/void.ts', '  await context.line.inStep();\n', '')],
    file: 'test/terminal/void.test.ts',
    fails: 'is not sent on a line that an earlier question has left disturbed',
  },
  {
    name: 'what is voided unseen may be told by an answer to another question',
    changes: [change('src/driver/void.ts', '    await context.line.provenIdle();\n', '')],
    file: 'test/terminal/void.test.ts',
    fails: 'voids, and its answer has to name the sale',
  },
  {
    name: 'a line is never out of step',
    changes: [
      change(
        'src/driver/line.ts',
        'if (outcome.repeated || unanswered || stopped) this.#disturbed = true;',
        '',
      ),
    ],
    file: 'test/terminal/purchase-and-query.test.ts',
    fails: 'the line after a disturbed exchange is proved idle with a poll',
  },
  {
    name: 'a connection is used for a second command where the terminal ends it after each',
    changes: [
      change(
        'src/driver/line.ts',
        "return this.#spent && this.#protocol.connection === 'per-command';",
        'return false;',
      ),
    ],
    breaks: ['I9'],
    family: 'ecr17-tcp',
  },
  {
    name: 'nothing has left when the connection is lost',
    changes: [
      change(
        'src/driver/exchange-run.ts',
        'left: requests > 0, repeated: requests > 1 } as const',
        'left: false, repeated: requests > 1 } as const',
      ),
    ],
    file: 'test/terminal/purchase-and-query.test.ts',
    fails: 'under unplug-after-booking is sent once, and in doubt',
  },
  {
    name: 'a request that went out twice counts as one',
    changes: [
      change(
        'src/driver/exchange-run.ts',
        'repeated: requests > 1, again }',
        'repeated: false, again }',
      ),
    ],
    file: 'test/terminal/purchase-and-query.test.ts',
    fails: 'the line after a disturbed exchange is proved idle with a poll',
  },
  {
    name: 'silence means that nothing was done',
    changes: [
      change(
        'src/driver/failure.ts',
        'exchange.money && failed.left && !provenUndone',
        "exchange.money && failed.left && !provenUndone && failed.failure !== 'no-acknowledgement'",
      ),
    ],
    file: 'test/terminal/purchase-and-query.test.ts',
    fails: 'under silent is sent once, and in doubt',
  },
  {
    name: 'a lost connection means that nothing was done',
    changes: [
      change(
        'src/driver/failure.ts',
        'exchange.money && failed.left && !provenUndone',
        "exchange.money && failed.left && !provenUndone && failed.failure !== 'connection-lost'",
      ),
    ],
    file: 'test/terminal/void.test.ts',
    fails: 'under unplug-after-booking@void is sent once, and in doubt',
  },
  {
    name: 'the day is closed while a command is in doubt',
    changes: [change('src/driver/settle.ts', '    await nothingOpen(context);\n', '')],
    file: 'test/terminal/recovery.test.ts',
    fails: 'whose answer was lost blocks the next one',
  },
  {
    name: 'a sale may be one about which a person has decided',
    changes: [
      change(
        'src/driver/conclude.ts',
        'if ([...known, ...elsewhere].some(decidedLike(one)))',
        'if ([...known, ...elsewhere].some(decidedLike(one)) && known.length > 1)',
      ),
    ],
    file: 'test/driver/conclude.test.ts',
    fails: 'one like it was decided about',
  },
  {
    name: 'the void of any sale of the amount is the one in doubt',
    changes: [
      change(
        'src/driver/conclude.ts',
        'names(sale, entry.original ?? entry);',
        "entry.kind === 'void';",
      ),
    ],
    file: 'test/driver/conclude.test.ts',
    fails: 'of another sale of the same amount',
  },
  {
    name: 'the void of any amount is the one in doubt',
    changes: [
      change(
        'src/driver/conclude.ts',
        '    Math.abs(entry.amount.amount) === sale.amount.amount &&\n',
        '',
      ),
    ],
    file: 'test/driver/conclude.test.ts',
    fails: 'where it tells one of another amount',
  },
  {
    name: 'the void of any card is the one in doubt',
    changes: [
      change(
        'src/driver/conclude.ts',
        '    (entry.last4 ?? sale.last4) === (sale.last4 ?? entry.last4) &&\n',
        '',
      ),
    ],
    file: 'test/driver/conclude.test.ts',
    fails: 'of another card',
  },
  {
    name: 'the last transaction of before proves that nothing was done, voided since or not',
    changes: [
      change(
        'src/driver/conclude.ts',
        'transactions.some((entry) => same(last, entry) && entry.state === last.state)',
        'transactions.some((entry) => same(last, entry))',
      ),
    ],
    file: 'test/terminal/privatbank-review.test.ts',
    fails: 'whose last receipt is now voided has worked since',
  },
  {
    name: 'what is stopped was not carried out',
    changes: [
      change(
        'src/driver/exchange-run.ts',
        "cancel: () => input({ type: 'cancel' }),",
        "cancel: () => fail('connection-lost'),",
      ),
    ],
    file: 'test/terminal/zvt.test.ts',
    fails: 'is stopped while the customer has not paid',
  },
  {
    name: 'a command in doubt counts as not sent',
    changes: [
      change(
        'src/driver/send-money.ts',
        "      : { type: 'in-doubt', at: context.world.clock.now(), code, message },",
        "      : { type: 'not-sent', why: code },",
      ),
    ],
    file: 'test/terminal/recovery.test.ts',
    fails: 'blocks the next one until it is found out about',
  },
  {
    name: 'the lock is let go while the command runs',
    changes: [change('src/driver/intent.ts', '    return await task();\n', '    return task();\n')],
    file: 'test/terminal/recovery.test.ts',
    fails: 'the second is told who holds it, and nothing is sent',
  },
  {
    name: 'what was set aside was never sent when it cannot be written',
    changes: [change('src/driver/record.ts', '  unsolicited: true,', '  unsolicited: false,')],
    file: 'test/terminal/recovery.test.ts',
    fails: 'in a sale that was sent never says that nothing was',
  },
  {
    name: 'an answer that told of another sale is forgotten',
    changes: [
      change(
        'src/driver/recovery.ts',
        "entry.type === 'unsolicited' || tellsOne(entry)",
        "entry.type === 'unsolicited'",
      ),
    ],
    file: 'test/terminal/zvt.test.ts',
    fails: 'that names the same foreign sale before, as the answer and afterwards',
  },
  {
    name: 'a sale that was voided since was never made',
    changes: [
      change(
        'src/driver/conclude.ts',
        "state === 'approved' || (ticket !== undefined && state === 'voided')",
        "state === 'approved' && ticket !== ''",
      ),
    ],
    file: 'test/driver/conclude.test.ts',
    fails: 'was made when it is told as voided since',
  },
  {
    name: 'what was made before a restart is forgotten',
    changes: [
      change(
        'src/driver/book.ts',
        "const numbered = own.filter(({ state }) => state !== 'in-doubt');",
        'const numbered = own.slice(0, 0);',
      ),
    ],
    file: 'test/profiles/allinpay.test.ts',
    fails: 'does not take a sale of before a restart, told once more, for the new one',
  },
  {
    name: 'what was found out about is forgotten',
    changes: [
      change(
        'src/driver/recovery.ts',
        "if (result.outcome === 'approved') remember(",
        "if (result.outcome === 'voided') remember(",
      ),
    ],
    file: 'test/profiles/allinpay.test.ts',
    fails: 'does not take a sale that was found out about, answered late',
  },
  {
    name: 'voids of two sales of one reference have one reference',
    changes: [
      change(
        'src/protocols/pax-poslink/requests.ts',
        "  operationNumber = '',\n}: Pick<Transaction, 'operationNumber'>",
        "  ticket: operationNumber = '',\n}: Pick<Transaction, 'ticket'>",
      ),
    ],
    file: 'test/protocols/pax-poslink/terminal.test.ts',
    fails: 'does not take the void of an earlier sale of one reference',
  },
];
