import { auditCsv, auditCsvHeader, auditEvents, auditJson } from '../journal/export.ts';
import { formatHead } from '../journal/head.ts';
import type { JournalReader } from '../journal/reader.ts';

const linesAtOnce = 200;

function* lines(journal: JournalReader, format: 'jsonl' | 'csv'): Generator<string> {
  const events = auditEvents(journal.records());
  if (format === 'csv') {
    yield auditCsvHeader;
    for (const event of events) yield auditCsv(event);
    return;
  }
  for (const event of events) yield auditJson(event);
  // As the command line ends it; `tillwire journal verify --head` checks the whole chain against it.
  yield JSON.stringify({ type: 'result', outcome: 'exported', head: formatHead(journal.head()) });
}

/** The whole journal, read as fast as it is taken and no faster. */
export function exportJournal(
  journal: JournalReader,
  format: 'jsonl' | 'csv',
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const all = lines(journal, format);
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const piece: string[] = [];
        while (piece.length < linesAtOnce) {
          const { value, done } = all.next();
          if (done === true) break;
          piece.push(value);
        }
        if (piece.length > 0) controller.enqueue(encoder.encode(`${piece.join('\n')}\n`));
        if (piece.length < linesAtOnce) controller.close();
      },
      cancel: () => void all.return(undefined),
    },
    { highWaterMark: 0 },
  );
}
