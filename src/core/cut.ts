/** Returns the beginning of a text, of `limit` UTF-16 units at most. Half a character at its end, which nobody can store, becomes U+FFFD. */
export const cut = (text: string, limit: number): string => text.slice(0, limit).toWellFormed()
