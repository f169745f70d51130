import { dirname, join } from 'node:path';
import { type Config, readConfig } from '../config/config.ts';
import { systemLocation } from '../journal/location.ts';

/** The configuration file that was named, or the user's own if there is one. */
export async function readUserConfig(named?: string): Promise<{ path: string; config: Config }> {
  const path = named ?? join(dirname(systemLocation().key), 'config.json');
  return { path, config: await readConfig(path, named !== undefined) };
}
