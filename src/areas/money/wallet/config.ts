import { configKey } from '../../../core/config.ts'
import { amounts } from '../pricing/config.ts'

export const config = {
  'debts.cap': configKey({
    description:
      'What a tasker may owe at most (commission, refunds, fees), in minor units by currency, in the city where they last worked. Above it they get no offers and cannot accept any until they have paid. A currency that is absent has no cap.',
    schema: amounts,
    default: { EGP: 100_000, NGN: 3_000_000, KGS: 200_000, INR: 200_000, GHS: 30_000 },
    scopes: ['country', 'city'],
    isPublic: true,
  }),
}
