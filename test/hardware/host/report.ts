import type { FromGuest } from '../runner/messages.ts';

/** Lines of the guest's console that are shown when something failed. */
const consoleKept = 60;

export interface Report {
  /** Something of the bench's own is done: says how long it took. */
  part(what: string): void;
  heard(message: FromGuest): void;
  console(text: string): void;
  failure(why: string): void;
  /** The guest has said that it is done. */
  readonly finished: boolean;
  /** Prints the sum; true when every case held and at least one ran. */
  sum(): boolean;
}

/** Prints what the cases say, one line each: `ok` or `not ok`, the sentence, the time. */
export function createReport(
  print: (line: string) => void,
  now: () => number = () => performance.now(),
): Report {
  const began = now();
  const failures: string[] = [];
  const tail: string[] = [];
  let unfinishedLine = '';
  let passed = 0;
  let promised = 0;
  let failuresBefore = 0;
  let subject = '';
  let since = began;
  let finished = false;
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;

  function fail(why: string): void {
    failures.push(why);
    print(`not ok  ${why}`);
  }

  const report: Report = {
    part(what) {
      print(`# ${what}: ${seconds(now() - since)}`);
      since = now();
    },
    heard(message) {
      switch (message.type) {
        case 'ready':
          report.part(`the guest has booted (its own clock says ${message.bootSeconds} s)`);
          break;
        case 'start':
          subject = message.file;
          failuresBefore = failures.length;
          since = now();
          break;
        case 'subject':
          subject = message.subject;
          promised = message.cases;
          print(`\n${subject}`);
          break;
        case 'case':
          promised--;
          if (message.why === undefined) {
            passed++;
            print(`ok      ${message.name} (${message.ms} ms)`);
            break;
          }
          fail(`${subject}: ${message.name} (${message.ms} ms)`);
          for (const line of message.why.split('\n')) print(`        ${line}`);
          break;
        case 'note':
          if (message.text !== '') print(`        ${message.text}`);
          break;
        case 'end':
          if (promised > 0 || (!message.ok && failures.length === failuresBefore))
            fail(`${subject}: ${message.how}, ${promised} cases did not run`);
          promised = 0;
          print(`# ${message.file}: ${seconds(now() - since)}`);
          break;
        case 'done':
          finished = true;
          break;
        case 'ask':
          break;
      }
    },
    console(text) {
      const lines = (unfinishedLine + text.replaceAll('\r', '')).split('\n');
      unfinishedLine = lines.pop() ?? '';
      tail.push(...lines);
      tail.splice(0, Math.max(0, tail.length - consoleKept));
    },
    failure: fail,
    get finished() {
      return finished;
    },
    sum() {
      if (failures.length > 0 && tail.length > 0) {
        print('\nThe guest’s console, its last lines:');
        for (const line of tail) print(`  ${line}`);
      }
      print(`\n${passed} held, ${failures.length} did not, ${seconds(now() - began)} in all`);
      for (const failure of failures) print(`  ${failure}`);
      return failures.length === 0 && passed > 0;
    },
  };
  return report;
}
