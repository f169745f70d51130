import {
  type Document,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import type { z } from 'zod';
import { checkProfile } from './check.ts';
import { longestFile } from './file.ts';
import { keysAt } from './json-schema.ts';
import type { Located } from './located.ts';
import { type Path, type Problem, pathInWords } from './problem.ts';
import { type Profile, profileSchema } from './schema.ts';

export type ReadProfile =
  | { readonly type: 'profile'; readonly profile: Profile }
  | { readonly type: 'problems'; readonly problems: readonly Problem[] };

/** A person mends a few at a time; after that the rest may look quite different. */
const mostProblems = 100;

/**
 * Reads a profile, YAML or JSON. Every problem is told at once, with its place in the file; with problems
 * there is no profile. Nothing in the file makes it throw.
 */
export function readProfile(written: string): ReadProfile {
  if (written.length > longestFile)
    return failed([{ path: '', message: `A profile has at most ${longestFile} characters.` }]);
  // Lines that end as on an old Macintosh would all be one comment.
  const text = written.replace(/\r(?!\n)/g, '\n');
  if (text.trim() === '') return failed([{ path: '', message: nothing, line: 1, column: 1 }]);
  const strange = text.search(notText);
  if (strange >= 0)
    return failed([{ path: '', message: notTextMessage, ...placeIn(text, strange) }]);
  const lines = new LineCounter();
  // Keys are compared below: the parser takes a minute for some thousands of them.
  const options = { lineCounter: lines, prettyErrors: false, uniqueKeys: false };
  const document = parseDocument(text, options);
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const syntax = [...document.errors, ...document.warnings].map(
    ({ code, message, pos }): Problem => ({
      path: '',
      message: `This is no YAML: ${syntaxInWords(code, message)}`,
      ...at(pos[0]),
    }),
  );
  if (syntax.length > 0) return failed(onlyDepth(syntax));

  const loose = unquoted(document).map(
    ({ message, offset }): Problem => ({ path: '', message, ...at(offset) }),
  );
  if (loose.some(({ message }) => message === noPlainKey)) return failed(loose);
  const twice = doubled(document).map(
    ({ message, offset }): Problem => ({ path: '', message, ...at(offset) }),
  );
  if (twice.length > 0) return failed([...loose, ...twice]);

  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return failed([{ path: '', message: `This cannot be read: ${why}`, ...at(aliasAt(document)) }]);
  }
  if (value === null) return failed([{ path: '', message: nothing, line: 1, column: 1 }]);
  const place = (path: Path) => {
    const node = nodeAt(document, path);
    return node?.range == null ? {} : at(node.range[0]);
  };
  const located = ({ path, message }: Located): Problem => ({
    path: pathInWords(path),
    message,
    ...place(path),
  });
  const parsed = profileSchema.safeParse(value);
  if (!parsed.success) {
    const all = parsed.error.issues.flatMap((issue) => inWords(issue));
    // To find each in the file takes the longer the more there are.
    const placed = all.slice(0, 10 * mostProblems).map(located);
    return failed([...loose, ...placed], loose.length + all.length);
  }
  const problems = [...loose, ...checkProfile(parsed.data).map(located)];
  return problems.length > 0 ? failed(problems) : { type: 'profile', profile: parsed.data };
}

function failed(all: readonly Problem[], total = all.length): ReadProfile {
  const sorted = [...all].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  const more = total - mostProblems;
  const message = `There are ${more} more problems; mend these first.`;
  const problems = more <= 0 ? sorted : [...sorted.slice(0, mostProblems), { path: '', message }];
  return { type: 'problems', problems };
}

/** What no text has: control characters, and what stands for bytes that are no UTF-8. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const notText = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]/;

const nothing = 'There is nothing in this file.';

const notTextMessage =
  'This is no text in UTF-8. Save the file as UTF-8; editors in China often write GBK.';

function placeIn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

const tooDeep = 'it is nested too deeply';

function syntaxInWords(code: string, message: string): string {
  if (/call stack/.test(message)) return tooDeep;
  return code === 'MULTIPLE_DOCS' ? 'a file holds one profile; leave --- out' : message;
}

/** Behind too many brackets, each of them is a mistake of its own. */
const onlyDepth = (syntax: readonly Problem[]): readonly Problem[] => {
  const deep = syntax.filter(({ message }) => message.endsWith(tooDeep)).slice(0, 1);
  return deep.length > 0 ? deep : syntax;
};

/** Keys that stand twice in one place, and one that JavaScript takes for something else. */
function doubled(document: Document): { readonly message: string; readonly offset: number }[] {
  const found: { message: string; offset: number }[] = [];
  visit(document, {
    Map(_key, map) {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        const offset = key.range?.[0] ?? 0;
        if (seen.has(name)) found.push({ message: `${name} stands here twice.`, offset });
        if (name === '__proto__')
          found.push({ message: 'Nothing can be called __proto__; choose another name.', offset });
        seen.add(name);
      }
    },
  });
  return found;
}

/** The node at this path, or the nearest one around it; for a key, the key. */
function nodeAt(document: Document, path: Path): Node | undefined {
  for (let length = path.length; length > 0; length--) {
    const parent: unknown =
      length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    if (isMap(parent)) {
      const pair = parent.items.find(
        ({ key }) => (isScalar(key) ? String(key.value) : key) === last,
      );
      if (pair !== undefined && isScalar(pair.key)) return pair.key;
    }
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNodeWithRange(node)) return node;
  }
  return document.contents ?? undefined;
}

/** Where the first alias stands: nothing else in a document cannot be read. */
function aliasAt(document: Document): number {
  let offset = 0;
  visit(document, {
    Alias(_key, node) {
      if (node.resolve(document) !== undefined) return undefined;
      offset = node.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return offset;
}

const isNodeWithRange = (node: unknown): node is Node =>
  typeof node === 'object' && node !== null && 'range' in node;

const noPlainKey = 'A key must be a plain word.';

/** `00` without quotes is the number 0, which no terminal has ever sent. */
function unquoted(document: Document): { readonly message: string; readonly offset: number }[] {
  const found: { message: string; offset: number }[] = [];
  visit(document, {
    Scalar(key, node) {
      const source = node.source ?? '';
      if (typeof node.value !== 'string' && key === 'key')
        found.push({
          message: `Put the key ${source} in quotes: "${source}".`,
          offset: node.range?.[0] ?? 0,
        });
      else if (typeof node.value === 'number' && /^[-+]?0\d/.test(source))
        found.push({
          message: `Put ${source} in quotes: without them it is the number ${node.value}.`,
          offset: node.range?.[0] ?? 0,
        });
    },
    Pair(_key, pair) {
      if (isPair(pair) && pair.key !== null && !isScalar(pair.key))
        found.push({ message: noPlainKey, offset: 0 });
    },
  });
  return found;
}

type Issue = z.core.$ZodIssue;

const steps = (path: readonly PropertyKey[]): Path =>
  path.map((step) => (typeof step === 'symbol' ? String(step) : step));

/** A zod issue as what is wrong and what would be right. */
function inWords(issue: Issue, around: Path = []): Located[] {
  const path = [...around, ...steps(issue.path)];
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = keysAt(path);
      return issue.keys.map((key) => ({ path: [...path, key], message: noSuchKey(key, known) }));
    }
    case 'invalid_union': {
      const unknown = unknownMark(issue.errors);
      if (unknown !== undefined) return inWords(unknown, path);
      const [best] = [...issue.errors].sort((a, b) => distance(a) - distance(b));
      if (best === undefined) return [{ path, message: unionInWords(issue) }];
      return best.flatMap((inner) => inWords(inner, path));
    }
    case 'invalid_type':
      return [{ path, message: wrongType(issue) }];
    case 'invalid_value':
      return [{ path, message: `must be ${list(issue.values.map(String))}.` }];
    case 'invalid_format':
      return [
        {
          path,
          message: `must be ${issue.message.replace(/^Invalid.*pattern.*$/, 'written otherwise')}.`,
        },
      ];
    case 'too_small':
      return [{ path, message: `must ${sizeInWords(issue.origin, issue.minimum, 'at least')}.` }];
    case 'too_big':
      return [{ path, message: `must ${sizeInWords(issue.origin, issue.maximum, 'at most')}.` }];
    case 'invalid_key':
      return issue.issues.map((inner) => ({
        path,
        message: `The name ${JSON.stringify(String(path.at(-1)))} must be ${inner.message}.`,
      }));
    default:
      return [{ path, message: `${issue.message}.` }];
  }
}

/** `have at most 32 entries`, `be at least 1`. */
function sizeInWords(origin: string, limit: number | bigint, most: string): string {
  if (origin === 'array') return `have ${most} ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
  if (origin === 'string')
    return `have ${most} ${limit} ${limit === 1 ? 'character' : 'characters'}`;
  return `be ${most} ${limit}`;
}

const unionInWords = (issue: Issue & { code: 'invalid_union' }): string =>
  issue.discriminator === undefined
    ? 'This is none of what may stand here.'
    : `${issue.discriminator} is missing, or says something unknown.`;

const isMark =
  (mark: 'part' | 'kind') =>
  ({ code, path }: Issue): boolean =>
    code === 'invalid_value' && path.length === 1 && path[0] === mark;

/** Where none of the branches knows the mark: what they know together. */
function unknownMark(branches: readonly (readonly Issue[])[]): Issue | undefined {
  const meant = branches.filter((issues) => !issues.some(isMark('part')));
  return meant.length === 0 ? together(branches, 'part') : together(meant, 'kind');
}

function together(
  branches: readonly (readonly Issue[])[],
  mark: 'part' | 'kind',
): Issue | undefined {
  const marks = branches.flatMap((issues) => issues.find(isMark(mark)) ?? []);
  const [first] = marks;
  if (first === undefined || marks.length < branches.length) return undefined;
  const values = marks.flatMap((mark) => (mark.code === 'invalid_value' ? mark.values : []));
  return first.code === 'invalid_value' ? { ...first, values: [...new Set(values)] } : undefined;
}

/** A branch whose own mark disagrees is not the one that was meant. */
const distance = (issues: readonly Issue[]): number =>
  issues.reduce((sum, { code, path }) => {
    const mark = path.length === 1 && ['part', 'kind'].includes(String(path[0]));
    return (
      sum +
      (mark && code !== 'unrecognized_keys'
        ? 100
        : path.length === 0 && code === 'invalid_type'
          ? 50
          : 1)
    );
  }, 0);

function wrongType({ expected, message }: Issue & { code: 'invalid_type' }): string {
  const missing = /received undefined/.test(message);
  if (missing) return `is missing; it must be ${article(expected)}.`;
  if (expected === 'string' && /received (number|boolean)/.test(message))
    return 'must be text; put it in quotes.';
  if (expected === 'int' && /received number/.test(message)) return 'must be a whole number.';
  return `must be ${article(expected)}; ${message.replace(/^Invalid input: expected [^,]+, /, '')}.`;
}

const article = (expected: string): string => {
  const words: Readonly<Record<string, string>> = {
    string: 'text',
    object: 'an object of names and values',
    record: 'an object of names and values',
    array: 'a list',
    int: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
    tuple: 'a list of two names',
  };
  return words[expected] ?? expected;
};

function noSuchKey(key: string, known: readonly string[]): string {
  const near = known.find((one) => isNear(key.toLowerCase(), one.toLowerCase()));
  const hint = near === undefined ? ` There are ${known.join(', ')}.` : ` Did you mean ${near}?`;
  return known.length === 0
    ? `There is no ${key} here; leave it out.`
    : `There is no ${key} here.${hint}`;
}

/** One letter too many, too few, wrong, or two exchanged. */
export function isNear(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 2) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const [restA, restB] = [a.slice(at), b.slice(at)];
  return (
    restA.slice(1) === restB ||
    restA === restB.slice(1) ||
    restA.slice(1) === restB.slice(1) ||
    (restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2))
  );
}

const list = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `one of ${words.join(', ')}`;
