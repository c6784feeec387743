import { said } from './said.ts'

/** Requirements on a value that its type alone does not express. Each text is in a schema beside its pattern or check. */
export const valueTexts = {
  slug: said({
    en: 'must consist of lower-case letters and digits, in words joined by single dashes, such as leak-repair',
    ar: 'يجب أن يكون حروفًا لاتينية صغيرة وأرقامًا، وتفصل بين الكلمات شرطة واحدة، مثل leak-repair',
  }),
  key: said({
    en: 'must be 2 to 40 lower-case letters and underscores, beginning with a letter',
    ar: 'يجب أن يكون من 2 إلى 40 حرفًا لاتينيًا صغيرًا وشرطة سفلية، ويبدأ بحرف',
  }),
  reviewTag: said({
    en: 'must consist of lower-case letters and digits, in words joined by single underscores, such as on_time',
    ar: 'يجب أن يكون حروفًا لاتينية صغيرة وأرقامًا، وتفصل بين الكلمات شرطة سفلية واحدة، مثل on_time',
  }),
  inputName: said({
    en: 'must have names of at most 40 letters and digits, beginning with a lower-case letter',
    ar: 'يجب أن تكون أسماؤه من 40 حرفًا لاتينيًا ورقمًا على الأكثر، وتبدأ بحرف صغير',
  }),
  headerName: said({
    en: 'must be a header name of letters, digits and hyphens',
    ar: 'يجب أن يكون اسم ترويسة من أحرف وأرقام وشرطات',
  }),
  headerValue: said({
    en: 'must be printable ASCII without spaces at its ends',
    ar: 'يجب أن يكون من أحرف ASCII قابلة للطباعة دون مسافات في طرفيه',
  }),
  sinceOrEvent: said({
    en: 'either since or sinceEventId is required, not both',
    ar: 'يجب إرسال since أو sinceEventId، وليس كليهما',
  }),
  eitherShareOrAmount: said({
    en: 'either taskerBasisPoints or taskerAmountMinor is required, not both',
    ar: 'يجب إرسال taskerBasisPoints أو taskerAmountMinor، وليس كليهما',
  }),
  oneWayToInvite: said({
    en: 'exactly one of userId, email and phone is required',
    ar: 'يجب إرسال واحد فقط من userId وemail وphone',
  }),
  sha256: said({
    en: 'must be a SHA-256 in 64 lower-case hexadecimal digits',
    ar: 'يجب أن يكون قيمة SHA-256 من 64 رقمًا سداسيًا عشريًا بحروف صغيرة',
  }),
  eachOnce: said({ en: 'must not contain duplicates', ar: 'يجب ألا يتكرر فيه أي عنصر' }),
  languageTag: said({
    en: 'must be a language tag such as ar, ar-EG or zh-Hans-CN',
    ar: 'يجب أن يكون رمز لغة مثل ar أو ar-EG أو zh-Hans-CN',
  }),
  begunDay: said({
    en: 'must be a day that has begun',
    ar: 'يجب أن يكون يومًا قد بدأ',
  }),
  phoneNumber: said({
    en: 'must be a phone number with its country code, such as +201001234567',
    ar: 'يجب أن يكون رقم هاتف مع رمز الدولة، مثل +201001234567',
  }),
  failureCode: said({
    en: 'must be a code of lower-case letters and underscores, such as invalid_account',
    ar: 'يجب أن يكون رمزًا من حروف لاتينية صغيرة وشرطات سفلية، مثل invalid_account',
  }),
  gatewayName: said({
    en: 'must be the name of a gateway, such as stripe',
    ar: 'يجب أن يكون اسم بوابة دفع، مثل stripe',
  }),
  color: said({
    en: 'must be a colour such as #1d7874',
    ar: 'يجب أن يكون لونًا مثل #1d7874',
  }),
  timezone: said({
    en: 'must be the name of a time zone such as Africa/Cairo',
    ar: 'يجب أن يكون اسم منطقة زمنية مثل Africa/Cairo',
  }),
  deviceId: said({
    en: 'must consist of letters, digits, dots, dashes, underscores and colons',
    ar: 'يجب أن يتكون من حروف لاتينية وأرقام ونقاط وشرطات ونقطتين رأسيتين',
  }),
  ladder: said({
    en: 'must begin with match, and name pick, bid, lead and assign at most once each, in this order',
    ar: 'يجب أن يبدأ بـ match، وأن يذكر pick وbid وlead وassign مرة واحدة على الأكثر لكل منها، بهذا الترتيب',
  }),
  linkToken: said({
    en: 'must be the token of a link, 43 characters long',
    ar: 'يجب أن يكون رمز رابط من 43 حرفًا',
  }),
  sixDigits: said({ en: 'must be a code of 6 digits', ar: 'يجب أن يكون رمزًا من 6 أرقام' }),
  eightDigits: said({ en: 'must be a code of 8 digits', ar: 'يجب أن يكون رمزًا من 8 أرقام' }),
  username: said({
    en: 'must be 3 to 50 letters, digits, dots, dashes and underscores, with a letter or digit at both ends',
    ar: 'يجب أن يكون من 3 إلى 50 حرفًا لاتينيًا أو رقمًا أو نقطة أو شرطة، ويبدأ وينتهي بحرف أو رقم',
  }),
  countryCode: said({
    en: 'must be a two-letter country code, such as EG',
    ar: 'يجب أن يكون رمز دولة من حرفين كبيرين، مثل EG',
  }),
  noCardNumber: said({
    en: 'must not contain the number of a payment card',
    ar: 'يجب ألا يحتوي على رقم بطاقة دفع',
  }),
  accountNumber: said({
    en: 'must be an account number or IBAN of letters and digits',
    ar: 'يجب أن يكون رقم حساب أو رقم IBAN من حروف لاتينية وأرقام',
  }),
  bankCode: said({
    en: 'must be a bank code of letters, digits and dashes',
    ar: 'يجب أن يكون رمز مصرف من حروف لاتينية وأرقام وشرطات',
  }),
  upiAddress: said({
    en: 'must be a UPI address such as amina@okbank',
    ar: 'يجب أن يكون عنوان UPI مثل amina@okbank',
  }),
  currencyCode: said({
    en: 'must be a three-letter currency code, such as EGP',
    ar: 'يجب أن يكون رمز عملة من ثلاثة حروف كبيرة، مثل EGP',
  }),
  pastDay: said({ en: 'must be a day in the past, from 1900 on', ar: 'يجب أن يكون يومًا مضى منذ عام 1900' }),
  linkedinUrl: said({
    en: 'must be an https address of linkedin.com',
    ar: 'يجب أن يكون عنوان https على linkedin.com',
  }),
  httpsUrl: said({
    en: 'must be an address beginning with https://',
    ar: 'يجب أن يكون عنوانًا يبدأ بـ https://',
  }),
  twitterHandle: said({
    en: 'must be at most 15 letters, digits and underscores, without the @',
    ar: 'يجب ألا يزيد على 15 حرفًا لاتينيًا أو رقمًا أو شرطة سفلية، دون @',
  }),
  couponCode: said({
    en: 'must be 3 to 40 letters, digits, hyphens or underscores',
    ar: 'يجب أن يكون من 3 إلى 40 حرفًا أو رقمًا أو شرطة أو شرطة سفلية',
  }),
  e164: said({
    en: 'must be a phone number in international format, such as +20225550100',
    ar: 'يجب أن يكون رقم هاتف بالصيغة الدولية، مثل ‎+20225550100',
  }),
  month: said({
    en: 'must be a year and a month, such as 2019-03',
    ar: 'يجب أن يكون سنة وشهرًا، مثل 2019-03',
  }),
  notBeforeFrom: said({ en: 'must not be before "from"', ar: 'يجب ألا يسبق "from"' }),
  notBeforeFromYear: said({ en: 'must not be before "fromYear"', ar: 'يجب ألا يسبق "fromYear"' }),
  documentOfType: said({
    en: 'must be papers of this type',
    ar: 'يجب أن تكون مستندات من هذا النوع',
  }),
  professionOfProfile: said({
    en: 'is for requirements of role profiles only',
    ar: 'خاص بمتطلبات ملفات المهن فقط',
  }),
  documentNumber: said({
    en: 'must be a valid number for this type of document',
    ar: 'يجب أن يكون رقمًا صحيحًا لهذا النوع من المستندات',
  }),
  auditPlace: said({
    en: 'must be "continueAfter" of the previous part: a day and a position',
    ar: 'يجب أن يكون "continueAfter" من الجزء السابق: يومًا وموضعًا',
  }),
  clientKey: said({
    en: 'must be 1 to 64 printable ASCII characters without spaces',
    ar: 'يجب أن يكون من 1 إلى 64 حرف ASCII قابلًا للطباعة بلا مسافات',
  }),
  readableText: said({ en: 'must contain visible text', ar: 'يجب أن يحتوي على نص مقروء' }),
  messageContent: said({
    en: 'must have "text" and no "mediaId" for a text message, and a "mediaId" for an image or a voice note',
    ar: 'يجب أن تحتوي الرسالة النصية على نص دون وسائط، والصورة أو الرسالة الصوتية على mediaId',
  }),
  noSuchMessage: said({
    en: 'must be a message of this conversation',
    ar: 'يجب أن يشير إلى رسالة في هذه المحادثة',
  }),
  documentVersion: said({
    en: 'must be at most 40 letters, digits, dots, dashes and underscores, beginning with a letter or digit',
    ar: 'يجب ألا يزيد على 40 حرفًا لاتينيًا أو رقمًا أو نقطة أو شرطة، ويبدأ بحرف أو رقم',
  }),
  shortCode: said({
    en: 'must be at most 30 letters, digits, dashes and underscores',
    ar: 'يجب ألا يزيد على 30 حرفًا لاتينيًا أو رقمًا أو شرطة',
  }),
  roleName: said({
    en: 'must be 2 to 50 lower-case letters and underscores, beginning with a letter',
    ar: 'يجب أن يكون من 2 إلى 50 حرفًا لاتينيًا صغيرًا وشرطة سفلية، ويبدأ بحرف',
  }),
  knownPermission: said({ en: 'must be the name of a permission', ar: 'يجب أن يكون اسم صلاحية' }),
  notificationKind: said({
    en: 'must have kinds of notifications as names, such as offer.created',
    ar: 'يجب أن تكون أسماؤه أنواع إشعارات، مثل offer.created',
  }),
  userOrBooking: said({
    en: 'is required unless "bookingId" is sent',
    ar: 'مطلوب إذا لم تُرسل "bookingId"',
  }),
  future: said({ en: 'must be in the future', ar: 'يجب أن يكون في المستقبل' }),
  oneThing: said({
    en: 'must be named alone, or beside "bookingId"',
    ar: 'يجب أن يُذكر وحده أو مع "bookingId"',
  }),
  notYourself: said({ en: 'must be another user', ar: 'يجب أن يكون مستخدمًا آخر غيرك' }),
  afterStartsAt: said({ en: 'must be after "startsAt"', ar: 'يجب أن يكون بعد "startsAt"' }),
  clockTime: said({
    en: 'must be a time of day from 00:00 to 23:59',
    ar: 'يجب أن يكون وقتًا من 00:00 إلى 23:59',
  }),
  preferredTime: said({
    en: 'needs "preferredDate" and "timezone" beside it',
    ar: 'يحتاج إلى "preferredDate" و"timezone" معه',
  }),
  notBelowMinimum: said({
    en: 'must not be less than the minimum beside it',
    ar: 'يجب ألا يقل عن الحد الأدنى المرافق',
  }),
  optionsOfChoice: said({
    en: 'must be there for the types "choice" and "choices", and for no other',
    ar: 'يجب أن تكون موجودة للنوعين "choice" و"choices" فقط',
  }),
  boundsOfQuestion: said({
    en: 'must not be there for this type',
    ar: 'يجب ألا يُرسل مع هذا النوع',
  }),
  addressOrWords: said({
    en: 'must not be sent beside "address", "city", "district", "lat" or "lng", which it takes the place of',
    ar: 'يجب ألا يُرسل مع "address" أو "city" أو "district" أو "lat" أو "lng" لأنه يحل محلها',
  }),
  placeMissing: said({
    en: 'is required, unless "addressId" is sent',
    ar: 'مطلوب ما لم يُرسل "addressId"',
  }),
  notBeforeStartsOn: said({ en: 'must not be before "startsOn"', ar: 'يجب ألا يسبق "startsOn"' }),
  salaryRange: said({
    en: 'must have "min", "max" or both, the least first',
    ar: 'يجب أن يحتوي على "min" أو "max" أو كليهما، والأقل أولًا',
  }),
  bothOrNeither: said({
    en: 'must have both "lat" and "lng", or neither',
    ar: 'يجب أن يحتوي على "lat" و"lng" معًا أو لا شيء منهما',
  }),
  emailOrPhone: said({
    en: 'must have "email", "phone" or both',
    ar: 'يجب أن يحتوي على "email" أو "phone" أو كليهما',
  }),
  contactToLook: said({
    en: 'is required to look for work',
    ar: 'مطلوب للبحث عن عمل',
  }),
  jobCity: said({ en: 'is required unless the work is remote', ar: 'مطلوبة ما لم يكن العمل عن بُعد' }),
  questionKey: said({
    en: 'must begin with a lower-case letter and consist of letters, digits and underscores',
    ar: 'يجب أن يبدأ بحرف لاتيني صغير ويتكون من حروف وأرقام وشرطات سفلية',
  }),
  reasonToReject: said({ en: 'is required to reject', ar: 'مطلوب للرفض' }),
  plannedYear: said({
    en: 'must be in a year from 2000 to 2099',
    ar: 'يجب أن يكون في سنة من 2000 إلى 2099',
  }),
}

/** An object with as many names of its own as this, and no more. */
export const atMostEntries = (limit: number): string =>
  said({ en: `must have at most ${limit} entries`, ar: `يجب ألا يزيد عدد عناصره على ${limit}` })
