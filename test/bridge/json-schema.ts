type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  array: Array.isArray,
  object: isObject,
};

/**
 * What of a value is not as the schema says: as much of JSON Schema as our document uses. A property that
 * is not described counts as wrong, where properties are.
 */
export function violations(schema: unknown, value: unknown, document: Json, at = '$'): string[] {
  if (!isObject(schema)) return [`${at}: there is no schema`];
  const { $ref, type, properties, required, items, oneOf, anyOf } = schema;
  if (typeof $ref === 'string') return violations(resolve($ref, document), value, document, at);
  const some = oneOf ?? anyOf;
  if (Array.isArray(some)) {
    const each = some.map((one) => violations(one, value, document, at));
    return each.some((found) => found.length === 0) ? [] : each.flat();
  }
  const found: string[] = [];
  if (typeof type === 'string' && types[type]?.(value) === false)
    return [`${at}: ${JSON.stringify(value)} is no ${type}`];
  if ('const' in schema && schema['const'] !== value) found.push(`${at}: is not the constant`);
  if (Array.isArray(schema['enum']) && !schema['enum'].includes(value))
    found.push(`${at}: ${JSON.stringify(value)} is none of the list`);
  if (Array.isArray(value))
    for (const [n, item] of value.entries())
      if (items !== undefined) found.push(...violations(items, item, document, `${at}[${n}]`));
  if (!isObject(value)) return found;
  for (const name of Array.isArray(required) ? required : [])
    if (!Object.hasOwn(value, name)) found.push(`${at}: ${name} is missing`);
  if (!isObject(properties)) return found;
  for (const [name, item] of Object.entries(value))
    if (!Object.hasOwn(properties, name)) found.push(`${at}: ${name} is not described`);
    else found.push(...violations(properties[name], item, document, `${at}.${name}`));
  return found;
}

function resolve(reference: string, document: Json): unknown {
  let here: unknown = document;
  for (const name of reference.replace(/^#\//, '').split('/'))
    here = isObject(here) ? here[name] : undefined;
  return here;
}
