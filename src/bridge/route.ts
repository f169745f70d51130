import type { Context } from 'hono';
import type { z } from 'zod';
import type { AppParts } from './app-parts.ts';
import type { Client } from './clients.ts';
import type { BridgeEnv, Role } from './guard.ts';
import { HttpProblem, type ProblemCode } from './problem.ts';

export type BridgeContext = Context<BridgeEnv>;

/** What an answer is: JSON by a schema, or something else. */
export type AnswerBody =
  | { readonly schema: z.ZodType; readonly description: string }
  | { readonly contentType: string; readonly description: string };

/**
 * One route of the service: what it is called, who may, what comes in and what goes out. The service and its
 * OpenAPI document are both made from the table of these.
 */
export interface Route {
  readonly method: 'get' | 'post' | 'delete';
  /** With `{t}` for what stands in it. */
  readonly path: string;
  readonly summary: string;
  /** A client that has one of these; `any` client; `nobody`: no token is asked for. */
  readonly who: readonly Role[] | 'any' | 'nobody';
  readonly body?: z.ZodType;
  readonly query?: z.ZodObject;
  /** Needs the header Idempotency-Key. */
  readonly hasKey?: true;
  /** An event stream that goes on after Last-Event-ID. */
  readonly resumes?: true;
  readonly answers: Readonly<Record<number, AnswerBody>>;
  readonly problems: readonly ProblemCode[];
  handle(c: BridgeContext, app: AppParts): Response | Promise<Response>;
}

const pathOf = (path: readonly PropertyKey[]): string =>
  path.length === 0 ? 'the whole' : path.map(String).join('.');

/** @throws {HttpProblem} `bad-request`, naming each wrong path */
export function parsed<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const errors = read.error.issues.map(({ path, message }) => ({ path: pathOf(path), message }));
  const list = errors.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw new HttpProblem(400, 'bad-request', `The ${what} is not usable: ${list}.`, { errors });
}

/** The body by its schema. @throws {HttpProblem} `bad-request` */
export async function bodyOf<T>(c: BridgeContext, schema: z.ZodType<T>): Promise<T> {
  let value: unknown;
  try {
    value = JSON.parse(await c.req.text());
  } catch {
    throw new HttpProblem(400, 'bad-request', 'The body is not JSON.');
  }
  return parsed(schema, value, 'body');
}

/** The query by its schema. @throws {HttpProblem} `bad-request` */
export function queryOf<T>(c: BridgeContext, schema: z.ZodType<T>): T {
  const all = c.req.queries();
  const twice = Object.entries(all).find(([, values]) => values.length > 1);
  if (twice !== undefined)
    throw new HttpProblem(400, 'bad-request', `The query gives ${JSON.stringify(twice[0])} twice.`);
  const { lang: _, ...query } = c.req.query();
  return parsed(schema, query, 'query');
}

/** Who asks; routes that call this have let nobody through without a token. */
export function clientOf(c: BridgeContext): Client {
  const client = c.var.client;
  if (client === undefined)
    throw new HttpProblem(401, 'not-authenticated', 'This needs a token.', {
      headers: { 'WWW-Authenticate': 'Bearer' },
    });
  return client;
}

/** Whose commands a client may see: its own, and everybody's with the role admin. */
export const mayListTo =
  ({ name, roles }: Client) =>
  (owner: string): boolean =>
    roles.has('admin') || (owner !== '' && owner === name);

/** A parameter of the path. */
export const param = (c: BridgeContext, name: string): string => c.req.param(name) ?? '';
