import {
  cleared,
  kept,
  keptHidden,
  ownedBy,
  type PersonalTable,
  personalTable,
} from '../../../core/personal-data.ts'
import { paymentMethods } from '../../../db/schema/money/payment-methods.ts'

export const personalData: PersonalTable[] = [
  personalTable(paymentMethods, {
    of: ownedBy(paymentMethods.userId),
    erasure: 'keep',
    why: 'the gateway is asked to forget the method first; its sealed names go with that',
    columns: {
      cardBrand: kept,
      cardLastFour: cleared,
      bankName: cleared,
      accountLastFour: cleared,
      accountType: kept,
      nickname: cleared,
      isDefault: { erased: 'false' },
      isActive: { erased: 'false' },
      detachDueAt: { erased: 'now()' },
      gatewayCustomerId: keptHidden,
      gatewayPaymentMethodId: keptHidden,
      gatewayEmail: keptHidden,
      referenceHash: keptHidden,
      fingerprintHash: keptHidden,
    },
  }),
]
