import { fromLatin1, toLatin1 } from '../../framing/bytes.ts';
import { stxFrame } from '../../framing/stx-etx-lrc.ts';

/** Between groups, and between the sub-fields of one. */
const FS = '\x1c';
const US = '\x1f';

/** One group of a message: its sub-fields in order. */
export type Group = readonly string[];

/** `ABC US US DEF`; sub-fields that are empty at the end are left out, as all public clients do. */
const written = (group: Group): string =>
  group.slice(0, group.findLastIndex((value) => value !== '') + 1).join(US);

/** A whole request frame: `STX command FS version FS group FS group … ETX LRC`. */
export const request = (command: string, version: string, groups: readonly Group[]): Uint8Array =>
  stxFrame(toLatin1([command, version, ...groups.map(written)].join(FS)));

/** A whole answer frame, as the terminal writes it. */
export const response = (head: ResponseHead, groups: readonly Group[]): Uint8Array =>
  stxFrame(
    toLatin1(
      [
        head.status,
        head.command,
        head.version,
        head.code,
        head.text,
        ...groups.map((group) => group.join(US)),
      ].join(FS),
    ),
  );

export interface ResponseHead {
  /** `0`; what any other value means, no public source has verified. */
  readonly status: string;
  /** `T01`: one more than the request's. */
  readonly command: string;
  readonly version: string;
  /** Six digits: `000000`. */
  readonly code: string;
  readonly text: string;
}

/** What a terminal says: the head of five fields, and the groups behind it. */
export interface Response extends ResponseHead {
  readonly groups: readonly Group[];
}

export interface Request {
  readonly command: string;
  readonly version: string;
  readonly groups: readonly Group[];
}

const isCommand = (text: string | undefined): text is string =>
  text !== undefined && /^[A-Z]\d\d$/.test(text);

const split = (data: Uint8Array): readonly string[] => fromLatin1(data).split(FS);

const grouped = (fields: readonly string[]): readonly Group[] =>
  fields.map((field) => field.split(US));

/** The head may be cut short in an answer that makes no sense: what is missing is empty. */
export function readResponse(data: Uint8Array): Response | undefined {
  const [status = '', command, version = '', code = '', text = '', ...rest] = split(data);
  if (status.length !== 1 || !isCommand(command)) return undefined;
  return { status, command, version, code, text, groups: grouped(rest) };
}

export function readRequest(data: Uint8Array): Request | undefined {
  const [command, version, ...rest] = split(data);
  if (!isCommand(command) || version === undefined) return undefined;
  return { command, version, groups: grouped(rest) };
}

/** A sub-field without the blanks around it; nothing where there is none. */
export function field(groups: readonly Group[], group: number, index: number): string | undefined {
  const value = groups[group]?.[index]?.trim();
  return value === undefined || value === '' ? undefined : value;
}

/** The value behind `KEY=` in the group of additional data. */
export function additional(
  groups: readonly Group[],
  group: number,
  key: string,
): string | undefined {
  const start = `${key}=`;
  const found = groups[group]?.find((pair) => pair.toUpperCase().startsWith(start));
  const value = found?.slice(start.length).trim();
  return value === undefined || value === '' ? undefined : value;
}
