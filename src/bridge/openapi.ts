import { z } from 'zod';
import type { ProblemCode } from './problem.ts';
import type { AnswerBody, Route } from './route.ts';
import { commandEventView, problemView, snapshotView } from './schemas.ts';

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Within zod's document a schema is in `$defs`; in ours all are in one place. */
function relocated(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(relocated);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      name === '$ref' && typeof item === 'string'
        ? item.replace(/^#\/\$defs\//, '#/components/schemas/')
        : relocated(item),
    ]),
  );
}

/** Schemas under their names, each once. */
class Components {
  readonly schemas: Record<string, unknown> = {};

  /** The schema as it stands in the document: a reference where it has a name. */
  refer(schema: z.ZodType): Json {
    // As it is read, not as it is written: whoever reads an answer has to expect more than is listed.
    const { $schema: _, $defs, ...whole } = z.toJSONSchema(schema, { io: 'input' });
    for (const [name, definition] of Object.entries($defs ?? {}))
      this.schemas[name] = relocated(withoutId(definition));
    const found = relocated(whole);
    return isObject(found) ? found : {};
  }
}

const withoutId = (schema: unknown): unknown =>
  isObject(schema)
    ? Object.fromEntries(Object.entries(schema).filter(([n]) => n !== 'id'))
    : schema;

/** What anything may be answered with, whatever was asked for. */
const always: readonly ProblemCode[] = [
  'bad-request',
  'host-not-allowed',
  'origin-not-allowed',
  'too-many-requests',
  'internal',
];
const withToken: readonly ProblemCode[] = ['not-authenticated', 'forbidden'];
const ofChanges: readonly ProblemCode[] = ['header-missing', 'wrong-content-type', 'too-large'];

function problemsOf({ problems, who, method }: Route): string {
  const all = [
    ...problems,
    ...(who === 'nobody' ? [] : withToken),
    ...(method === 'get' ? [] : ofChanges),
    ...always,
  ];
  return [...new Set(all)].join(', ');
}

const header = (name: string, required: boolean, description: string, schema: Json): Json => ({
  name,
  in: 'header',
  required,
  description,
  schema,
});

function parametersOf({ path, query, hasKey, resumes, method }: Route, all: Components): Json[] {
  const inPath = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    schema: schema instanceof z.ZodType ? queryShape(all.refer(schema)) : {},
  }));
  const language = {
    name: 'lang',
    in: 'query',
    required: false,
    description: 'Of operatorMessage; else Accept-Language, else the configuration.',
    schema: { type: 'string', enum: ['en', 'es', 'zh-CN'] },
  };
  return [
    ...inPath,
    ...inQuery,
    ...(path.startsWith('/v1/') ? [language] : []),
    ...(hasKey
      ? [
          header(
            'Idempotency-Key',
            true,
            "The till's own id of this sale, void or refund: the same key never moves money twice.",
            { type: 'string', pattern: '^[A-Za-z0-9._:-]{1,64}$' },
          ),
        ]
      : []),
    ...(resumes
      ? [header('Last-Event-ID', false, 'Goes on after this event.', { type: 'string' })]
      : []),
    ...(method === 'get'
      ? []
      : [header('X-Tillwire', true, 'No web page can send it unasked.', { const: '1' })]),
  ];
}

/** A number of a query comes as text, and anything can be tried to be made into one. */
const queryShape = (schema: Json): Json =>
  'minimum' in schema || 'maximum' in schema ? { type: 'integer', ...schema } : schema;

const contentOf = (answer: AnswerBody, all: Components): Json => {
  if ('schema' in answer)
    return { content: { 'application/json': { schema: all.refer(answer.schema) } } };
  if (answer.contentType === '') return {};
  return { content: { [answer.contentType]: { schema: { type: 'string' } } } };
};

const securityOf = ({ who }: Route): Json[] => {
  if (who === 'nobody') return [];
  // One of these roles is enough.
  return who === 'any' ? [{ bearer: [] }] : who.map((role) => ({ bearer: [role] }));
};

const nameOf = ({ method, path }: Route): string =>
  `${method}${path.replace(/[^A-Za-z0-9]+(.)?/g, (_, next: string = '') => next.toUpperCase())}`;

function operationOf(route: Route, all: Components): Json {
  const { summary, body, answers } = route;
  const optional = body instanceof z.ZodOptional;
  return {
    operationId: nameOf(route),
    summary,
    security: securityOf(route),
    parameters: parametersOf(route, all),
    ...(body && {
      requestBody: {
        required: !optional,
        content: { 'application/json': { schema: all.refer(body) } },
      },
    }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, answer]) => [
          status,
          {
            description: answer.description,
            ...(status === '202' || (status === '200' && route.hasKey)
              ? { headers: { Location: { schema: { type: 'string' } } } }
              : {}),
            ...contentOf(answer, all),
          },
        ]),
      ),
      default: {
        description: `A problem; its code is one of ${problemsOf(route)}.`,
        content: { 'application/problem+json': { schema: all.refer(problemView) } },
      },
    },
  };
}

/** The OpenAPI 3.1 document of these routes. */
export function openApi(routes: readonly Route[], version: string): Json {
  const all = new Components();
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const operations = paths[route.path] ?? {};
    paths[route.path] = operations;
    operations[route.method] = operationOf(route, all);
  }
  // The data of server-sent events, which the document cannot describe in their place.
  for (const schema of [commandEventView, snapshotView]) all.refer(schema);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tillwire bridge',
      version,
      description:
        'Payment terminals for a till in any language. No GET reaches a terminal; a command is answered at once and told by its own resource.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: all.schemas,
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'A token from tillwire clients or from pairing; its roles are the scopes.',
        },
      },
    },
  };
}
