import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonSchema } from '../../src/profiles/json-schema.ts';

/** Writes the JSON Schema that editors use, from the schema that profiles are read with. */
const path = join(import.meta.dirname, '../../profile.schema.json');
writeFileSync(path, `${JSON.stringify(jsonSchema(), null, 2)}\n`);
