import { auditCsv, auditCsvHeader, auditEvents, auditJson } from '../journal/export.ts';
import { formatHead, type Head, parseHead } from '../journal/head.ts';
import { systemLocation } from '../journal/location.ts';
import type { JournalReader, KnownIntent } from '../journal/reader.ts';
import { readJournal } from '../journal/sqlite.ts';
import type { Standing } from '../journal/standing.ts';
import { formatMoney } from '../model/money.ts';
import { type ExitStatus, exit, UsageError } from './exit.ts';
import type { Output } from './output.ts';

export type JournalAction = 'list' | 'show' | 'verify' | 'export';

export interface JournalCommandOptions {
  /** The journal's file, and the file with its key; the user's own when not given. */
  readonly path?: string;
  readonly keyFile?: string;
  /** The intent to show. */
  readonly key?: string;
  /** A head that was printed on a voucher. */
  readonly head?: string;
  readonly format?: 'jsonl' | 'csv';
  readonly terminal?: string;
  /** Only what left the till and has no outcome. */
  readonly open?: boolean;
}

type Action = (
  journal: JournalReader,
  options: JournalCommandOptions,
  output: Output,
) => ExitStatus;

/** Looks into the journal; changes nothing in it. */
export async function journalCommand(
  action: JournalAction,
  options: JournalCommandOptions,
  output: Output,
): Promise<ExitStatus> {
  const { journal: path, key } = systemLocation();
  const journal = await readJournal({ path: options.path ?? path, key: options.keyFile ?? key });
  try {
    return actions[action](journal, options, output);
  } finally {
    journal.close();
  }
}

const list: Action = (journal, { terminal, open = false }, output) => {
  const intents = journal.list({ openOnly: open, ...(terminal !== undefined && { terminal }) });
  for (const known of intents) output.line(inOneLine(known), { type: 'intent', ...known });
  const message = `${open ? 'Open intents' : 'Intents'}: ${intents.length}.`;
  output.line(message, { type: 'result', outcome: 'listed', count: intents.length, message });
  return exit.done;
};

const standings = {
  unsent: 'never left the till',
  open: 'OPEN, it left the till and has no outcome',
  ended: 'ended',
} as const satisfies Record<Standing, string>;

function inOneLine({ intent, entries, standing, openedAt }: KnownIntent): string {
  const { kind, amount, operator, terminal, variant, key } = intent;
  const last = entries.at(-1);
  const how = last?.type === 'outcome' ? last.result.outcome : standings[standing];
  const by = operator === undefined ? [] : [`by ${operator}`];
  const rail = variant === undefined ? [] : [`variant=${variant}`];
  const where = [terminal, ...rail];
  return [time(openedAt), kind.padEnd(8), formatMoney(amount), how, key, ...where, ...by].join(
    '  ',
  );
}

const show: Action = (journal, { key }, output) => {
  if (key === undefined) throw new UsageError('Which intent? Give its key; list prints them.');
  const events = [...auditEvents(journal.recordsOf(key))];
  const standing = journal.show(key)?.standing;
  if (standing === undefined) {
    const message = `The journal holds no intent ${key}.`;
    output.line(message, { type: 'result', outcome: 'not-found', key, message });
    return exit.certainlyNotDone;
  }
  for (const event of events)
    output.line(
      `${String(event.seq).padStart(6)}  ${event.when}  ${event.event}  ${inWords(event.payload)}`,
      { type: 'record', ...event },
    );
  const message = `${key}: ${standings[standing]}.`;
  output.line(message, { type: 'result', outcome: 'found', key, standing, message });
  return exit.done;
};

const inWords = (payload: unknown): string => JSON.stringify(payload);

const verify: Action = (journal, { head }, output) => {
  const expected = head === undefined ? undefined : printedHead(head);
  const verification = journal.verify(expected);
  if (!verification.ok) {
    const { flaw, seq, message } = verification;
    output.line(message, { type: 'result', outcome: 'broken', flaw, seq, message });
    return exit.certainlyNotDone;
  }
  const { seq } = verification.head;
  const printed = formatHead(verification.head);
  const against = expected === undefined ? '' : `, and the head ${head} is in it`;
  const message = `${seq} records follow one another, each as it was written${against}. Head: ${printed}`;
  output.line(message, { type: 'result', outcome: 'verified', count: seq, head: printed, message });
  return exit.done;
};

function printedHead(text: string): Head {
  const head = parseHead(text);
  if (head !== undefined) return head;
  throw new UsageError(
    `--head must be a head as it was printed, such as 120-9f3c2a7be1d05546; got ${JSON.stringify(text)}.`,
  );
}

const exportAll: Action = (journal, { format = 'jsonl' }, output) => {
  const verification = journal.verify();
  const message = verification.ok
    ? `Exported. Head: ${formatHead(verification.head)}`
    : `Exported, but the journal is not as it was written: ${verification.message}`;
  const result = {
    type: 'result',
    outcome: verification.ok ? 'exported' : 'broken',
    ...(verification.ok
      ? { head: formatHead(verification.head) }
      : { flaw: verification.flaw, seq: verification.seq }),
    message,
  };
  const events = auditEvents(journal.records());
  if (format === 'csv') {
    // CSV has its header first and JSON its result last: both are one line longer than the records.
    let line = auditCsvHeader;
    for (const event of events) {
      output.line(line, { type: 'record', ...event });
      line = auditCsv(event);
    }
    output.line(line, result);
  } else {
    for (const event of events) output.line(auditJson(event), { type: 'record', ...event });
    output.line(JSON.stringify(result), result);
  }
  output.note(message);
  return verification.ok ? exit.done : exit.certainlyNotDone;
};

const actions: Readonly<Record<JournalAction, Action>> = { list, show, verify, export: exportAll };

const time = (at: number): string => new Date(at).toISOString();
