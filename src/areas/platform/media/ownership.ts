import { type SQL, sql } from 'drizzle-orm'

/** Effect that makes a file the platform's own: it outlives the account that uploaded it. */
export const ownedByPlatform = (mediaId: string): SQL =>
  sql`update media_files set user_id = null where id = ${mediaId}`

/** A sealed file is shown by the operations on papers alone; its bytes mean nothing to others. */
export const isSealed = (storageKey: string): boolean => storageKey.startsWith('sealed/')
