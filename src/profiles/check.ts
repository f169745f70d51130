import { checkCommands } from './check-commands.ts';
import { checkFields } from './check-fields.ts';
import { checkFrame } from './check-frame.ts';
import type { Located } from './located.ts';
import type { Profile } from './schema.ts';
import { withVariant } from './variant.ts';

/** What the parts of a profile say against each other. Empty: it can be compiled. */
export function checkProfile(profile: Profile): readonly Located[] {
  return [
    ...checkFrame(profile),
    ...checkFields(profile),
    ...checkCommands(profile, ['commands']),
    ...Object.keys(profile.variants).flatMap((name) =>
      checkCommands(withVariant(profile, name), ['variants', name, 'commands']),
    ),
  ];
}
