import type { Profile } from './schema.ts';

/** The profile as it is for one variant: its own commands, and the common ones where it has none. */
export function withVariant(profile: Profile, name: string): Profile {
  const variant = Object.hasOwn(profile.variants, name) ? profile.variants[name] : undefined;
  if (variant === undefined) return profile;
  const given = Object.fromEntries(
    Object.entries(variant.commands).filter(([, command]) => command !== undefined),
  );
  const others = { ...profile.commands.others, ...variant.commands.others };
  return { ...profile, commands: { ...profile.commands, ...given, others } };
}
