/** Set by the build (`define` of wrangler.toml): false in production, so that what it guards is not even in the bundle. */
declare const __DEV_TOOLS__: boolean | undefined
