import { z } from 'zod'
import { configKey } from '../../../core/config.ts'

export const config = {
  'companies.invitation_days': configKey({
    description: 'Days for which an invitation to a company can be answered.',
    schema: z.int().min(1).max(90),
    default: 14,
    scopes: [],
  }),
  'companies.invitations_a_day': configKey({
    description: 'Invitations that a company may send within 24 hours.',
    schema: z.int().min(1).max(1_000),
    default: 50,
    scopes: [],
  }),
}
