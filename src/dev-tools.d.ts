/** Set by the build (`define` of wrangler.toml): false in production, so that what it guards is not even in the bundle. */
declare const __DEV_TOOLS__: boolean | undefined
/** Set by the tests alone; never by a build that is deployed or started. */
declare const __QUICK_PASSWORDS__: boolean | undefined
declare const __CHECKED_ROWS__: boolean | undefined
