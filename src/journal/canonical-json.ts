/**
 * A value as JSON in one spelling only (RFC 8785): properties sorted, no spaces. Undefined properties are
 * left out.
 * @throws {TypeError} for what JSON cannot say: it must not be written down as something else.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string')
    return JSON.stringify(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (Array.isArray(value))
    return `[${value.map((item: unknown) => canonicalJson(item ?? null)).join(',')}]`;
  if (isPlainObject(value)) {
    let properties = '';
    for (const name of Object.keys(value).sort()) {
      if (value[name] === undefined) continue;
      if (properties !== '') properties += ',';
      properties += `${JSON.stringify(name)}:${canonicalJson(value[name])}`;
    }
    return `{${properties}}`;
  }
  throw new TypeError(`Not a JSON value: ${Object.prototype.toString.call(value)}`);
}

export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
