/**
 * Takes the place of the index of zod's locales in the Worker's bundle (`alias` in wrangler.toml): 50 languages that nothing asks
 * for, a twelfth of all that an isolate had to read at its start. Refusals are worded by `src/core/invalid-values.ts`.
 */
export {}
