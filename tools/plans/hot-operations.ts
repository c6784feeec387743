/**
 * Operations whose statements have functions, so that Postgres plans them once a backend and not once a call. Each plan takes memory
 * in each backend: these are what apps and taskers call all day, and what would cost Postgres more than 2 ms.
 */
export const hotOperations: readonly string[] = [
  'tasks.get',
  'tasks.list',
  'tasks.create',
  'tasks.update',
  'tasks.post',
  'tasks.cancel',
  'bookings.get',
  'bookings.list',
  'bookings.confirm',
  'bookings.start',
  'bookings.complete',
  'bookings.cancel',
]
