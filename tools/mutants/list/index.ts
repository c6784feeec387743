import type { Mutant } from '../mutant.ts'
import { accessMutants } from './access.ts'
import { bookMutants } from './books.ts'
import { commerceMutants } from './commerce.ts'
import { databaseMutants } from './database.ts'
import { httpMutants } from './http.ts'
import { leadMutants } from './leads.ts'
import { machineMutants } from './machines.ts'
import { messageMutants } from './messages.ts'
import { webhookMutants } from './webhooks.ts'

export const mutants: readonly Mutant[] = [
  ...machineMutants,
  ...accessMutants,
  ...bookMutants,
  ...commerceMutants,
  ...databaseMutants,
  ...httpMutants,
  ...messageMutants,
  ...leadMutants,
  ...webhookMutants,
]
