import { z } from 'zod';
import type { Path } from './problem.ts';
import { profileSchema } from './schema.ts';

/** The schema of profiles for editors, as `profile.schema.json` holds it. */
export const jsonSchema = (): object => ({
  $id: 'https://tillwire.dev/profile.schema.json',
  title: 'Tillwire profile',
  ...z.toJSONSchema(profileSchema, { io: 'input', reused: 'ref' }),
});

type Node = Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

const childrenOf = (node: Node, step: string | number): readonly unknown[] => {
  if (typeof step === 'number') {
    const { prefixItems } = node;
    const own: unknown = Array.isArray(prefixItems) ? prefixItems[step] : undefined;
    return [own ?? node['items']];
  }
  const { properties } = node;
  const own = isNode(properties) && Object.hasOwn(properties, step) ? properties[step] : undefined;
  return [own ?? node['additionalProperties']];
};

const alternatives = (node: unknown): readonly Node[] => {
  if (!isNode(node)) return [];
  const more = ['anyOf', 'oneOf', 'allOf'].flatMap((word) => node[word] ?? []);
  return [node, ...more.flatMap(alternatives)];
};

let made: object | undefined;

/** What may stand at this place: the names of its keys. */
export function keysAt(path: Path): readonly string[] {
  made ??= z.toJSONSchema(profileSchema, { io: 'input' });
  let nodes = alternatives(made);
  for (const step of path)
    nodes = nodes.flatMap((node) => childrenOf(node, step)).flatMap(alternatives);
  const keys = nodes.flatMap(({ properties }) =>
    isNode(properties) ? Object.keys(properties) : [],
  );
  return [...new Set(keys)];
}
