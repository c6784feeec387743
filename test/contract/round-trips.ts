const proof = 'Reads the salt of your password, where you send one.'

/**
 * Operations that make two round trips to the database, and what the first one is for. This list may only shrink;
 * docs/credentials.md repeats it.
 */
export const twoRoundTrips: Record<string, string> = {
  'auth.login': 'Reads the salt of the password that the name opens, or makes one up.',
  'me.changePassword':
    'Reads the salt of your password and your sign-in names, which the new one must not contain.',
  'me.changeUsername': proof,
  'me.changeEmail': proof,
  'me.changePhone': proof,
}

export const roundTripsOf = (operationId: string): number => (operationId in twoRoundTrips ? 2 : 1)
