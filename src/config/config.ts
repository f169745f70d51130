import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { TerminalError } from '../model/error.ts';
import { bridgeConfig } from './bridge-config.ts';

const milliseconds = z.int().min(1).max(2_147_483_647);

const policy = z.strictObject({
  /** How old a sale may be to be voided. */
  voidWindowMinutes: z.int().min(1).max(10_000_000).optional(),
  /** A second person has to agree to each void. */
  supervisor: z.boolean().optional(),
});

const terminal = z.strictObject({
  address: z.string().min(1),
  policy: policy.optional(),
  /** Time-outs in milliseconds. */
  timing: z
    .strictObject({
      acknowledgementMs: milliseconds,
      answerMs: milliseconds,
      interByteMs: milliseconds,
      quietMs: milliseconds,
      recoveryMs: milliseconds,
    })
    .partial()
    .optional(),
  /** What its protocol keeps secret (ZVT: `password`): the value, or the environment variable that has it. */
  secrets: z
    .record(z.string(), z.union([z.string(), z.strictObject({ env: z.string().min(1) })]))
    .optional(),
  /** Accept that this terminal voids its last transaction unseen. */
  allowBlindVoid: z.boolean().optional(),
  /** Where the terminal may be connected to over the till's network, each `HOST:PORT`. */
  relay: z.array(z.string().min(1)).optional(),
});

const config = z.strictObject({
  language: z.enum(['en', 'es', 'zh-CN']).optional(),
  journal: z
    .strictObject({ path: z.string().min(1), key: z.string().min(1).optional() })
    .optional(),
  terminals: z
    .record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'letters, digits, - and _'), terminal)
    .optional(),
  bridge: bridgeConfig.optional(),
});

/** The configuration file: terminals by name, the merchant's policy, where the journal is. */
export type Config = z.infer<typeof config>;
export type ConfiguredTerminal = z.infer<typeof terminal>;

/**
 * Reads the configuration file. A file that was not asked for may be missing.
 * @throws {TerminalError} `bad-settings`, naming each wrong path and what is wrong with it
 */
export async function readConfig(path: string, asked: boolean): Promise<Config> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (!asked && cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return {};
    throw bad(
      path,
      `it cannot be read (${cause instanceof Error ? cause.message : String(cause)})`,
    );
  }
  return parseConfig(text, path);
}

/** @throws {TerminalError} `bad-settings` */
export function parseConfig(text: string, path: string): Config {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw bad(path, `it is not JSON (${cause instanceof Error ? cause.message : String(cause)})`);
  }
  const read = config.safeParse(value);
  if (read.success) return read.data;
  const issues = read.error.issues.map(
    ({ path: at, message }) => `${at.length === 0 ? 'the whole' : at.join('.')}: ${message}`,
  );
  throw bad(path, issues.join('; '));
}

const bad = (path: string, why: string): TerminalError =>
  new TerminalError('bad-settings', 'none', `The configuration ${path} is not usable: ${why}.`);
