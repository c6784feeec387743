/** The gateways there are. Apart from their interface, so that the schema of the database names them without loading it. */
export const gatewayNames = ['stripe', 'paypal', 'paystack', 'flutterwave', 'razorpay'] as const

/** Kinds of account behind a card, where its gateway tells. */
export const accountTypes = ['credit', 'debit', 'prepaid'] as const
