import type { Schema } from './json.ts'

/**
 * Descriptions of named schemas that their module does not give itself: kept here, since the Worker reads none of them and would
 * carry them in its bundle. A page of a list is described by its rule.
 */
const words: Record<string, string> = {
  AddAvailability: 'A period in which the tasker works, or takes time off.',
  AllowedAction: 'An action on a resource, and whether this caller may perform it in its present state.',
  ApplyAsTasker: 'What a client states to become a tasker: what they do, where, and for how much an hour.',
  AuditDay: 'One day of the audit log: the entries of a calendar day (UTC) form a chain of hashes.',
  AuditVerification: 'The result of recomputing the hashes of the audit log over a range of days.',
  BackupCodes: 'Codes that replace the authenticator app, each once. They are shown only here.',
  CancelBooking: 'Why a booking is canceled; the other party can read it.',
  CancelTask: 'Why a task is canceled.',
  CandidateProfile:
    'The profile of a person who looks for employment, with their experience and expectations.',
  ChangeEmail: 'The new address of the account, and the proof that its owner asks.',
  ChangePassword: 'The new password, and the present one if there is one.',
  ChangePhone: 'The new number of the account, and the proof that its owner asks.',
  ChangeUsername: 'The new name to sign in with, and the proof that its owner asks.',
  ClientProfile: 'What a client tells taskers about themselves and how they prefer to pay and be reached.',
  CompanyProfile:
    'A company as its own account presents it. It is shown to others once staff have approved it.',
  ConfirmRegistration: 'The code from the e-mail, which turns a registration into an account.',
  ConfirmTotp: 'The first code of a new authenticator app, which proves that it works.',
  CreateAddress: 'A saved address. The first one becomes the default.',
  CreateApiKey: 'Name, scopes and limits of a new key.',
  CreateCategory: 'A category of tasks, or one below another.',
  CreateConfigEntry: 'The value that a key is to have for a scope and a time, and why.',
  CreateDepartment: 'A department of the staff.',
  CreateDesignation: 'A job title within a department.',
  CreateEmployee: 'The employment of an existing account.',
  CreateMedia: 'The kind, media type and exact size of a file that is going to be uploaded.',
  ChoosePayment: 'How the client pays for a booking.',
  CreateRefund: 'What goes back of a payment, why, and where to.',
  ObjectToCash: 'Why the tasker says that they were not paid.',
  SettleCash: 'What was paid, as staff have decided.',
  CreatePricingBand: 'The range of prices an hour for a category in a city, in minor units.',
  CreateReport: 'A complaint about a person, if need be about a booking with them.',
  CreateReview: 'What one party of a completed booking says about the other.',
  CreateRole: 'A role of the staff with the permissions that it brings.',
  CreateTask: 'The work that is wanted: what, where, when, and how it is priced. It starts as a draft.',
  CreateWebhook: 'Where events are sent, and which.',
  Credentials: 'How the account can sign in. It contains no secret.',
  DecideRole: 'The decision on a requested role.',
  Earnings: 'What a tasker has earned, paid out and still has to receive, by currency.',
  EmailChangeRequested: 'The request of a new address, which waits for the code that was sent there.',
  EndRole: 'Why a granted role is taken away.',
  EnrolTotp: 'A name by which the user recognises the authenticator app.',
  EstimatePrice: 'The work whose price is to be estimated.',
  ExportWithLink: 'An export of personal data with a link to its file, which works for 15 minutes.',
  GrantConsent: 'The version of the document that the user has seen and agrees to.',
  GrantRole: 'The role that a user is to get, and for how long.',
  Health: 'The Worker answers.',
  JsonWebKeySet: 'The public keys of access tokens (RFC 7517). Several during a rotation.',
  LanguageSpoken: 'A language and how well a user speaks it.',
  Login: 'A name with its password, and the device that signs in.',
  MarkRead: 'How far the caller has read a conversation.',
  Media: 'A file with links to upload it or to download it.',
  MfaAnswer: 'The answer to the challenge of a sign-in: a code of the app, or a backup code.',
  MoveTasker: 'Why staff change the status of a tasker.',
  NotificationPreferences: 'The channels by which a user wants to be notified, overall and by kind of event.',
  OpenDispute: 'What went wrong with a booking, and how much of its payment is disputed.',
  OtpRequested: 'A code was sent. `verificationId` belongs to it and is sent back with it.',
  OwnConsents: 'The consents of the caller, and the documents that still wait for theirs.',
  OwnErasure: 'The erasure of the caller’s account, as its owner sees it.',
  PasswordResetAllowed: 'The right to set a new password once, until `expiresAt`.',
  PasswordResetRequested:
    'A reset that waits for the code from the e-mail. It looks the same for an address without an account.',
  PlaceHold: 'The user whose data must not be deleted, and why.',
  PreviewConfigEntry: 'The entry whose effect is asked for.',
  PriceEstimate: 'The range that the work is expected to cost, in minor units. It binds nobody.',
  ProblemTypeList: 'All problem types.',
  ProposeBookingChange:
    'The terms of a booking that one side wants to change, and why; terms that are absent stay.',
  PublishConsentDocument:
    'A new version of a document that users agree to. From now on it is the current one.',
  PutCandidateProfile: 'The whole profile: what is left out is emptied.',
  PutCompanyProfile: 'The whole profile: what is left out is emptied.',
  Readiness: 'The components that the Worker relies on, all of which responded.',
  ReadMarker: 'How far the caller has read a conversation, and what is unread.',
  RefreshTokens: 'The refresh token to exchange. It works once.',
  RefundDispute: 'The decision to pay back: how much, and the reason that both parties read.',
  Register: 'A new account that signs in with a password.',
  RegisterDevice: 'A device that receives push messages.',
  RegistrationRequested:
    'A registration that waits for the code from the e-mail. It looks the same for an address that is taken.',
  RejectCompany: 'Why a company profile is not approved; its owner can read it.',
  RejectDispute: 'Why a dispute is rejected; both parties can read it.',
  RejectVerification: 'Why documents are not accepted; their owner can read it.',
  ReleaseHold: 'Why data need not be kept any longer.',
  ReplayEvents: 'Which past events are sent again: since a time or after an event.',
  ReportNoShow: 'How the other side failed to appear; it can read it.',
  RequestErasure: 'Why the user leaves; optional.',
  RequestErasureOf: 'Why staff erase the account of somebody.',
  RequestOtp: 'The number that a code is sent to, and by which channel.',
  RequestPasswordReset: 'The address of the account whose password is forgotten.',
  RequestRole: 'The role that a user asks for, and why.',
  ResetMfa: 'Why staff remove the second factors of an account.',
  ResetOtpBreaker: 'Why staff let codes to these numbers through again.',
  ResetPassword: 'The new password, with the token that a code was exchanged for.',
  ResolveDispute: 'The decision that keeps or cancels the booking, and the reason that both parties read.',
  RevertConfigEntry: 'Why the entry is taken back.',
  RotateApiKey: 'How long the present key works beside its successor, and how long that one lasts.',
  SendMessage:
    'A message with an id of the sender’s choice: sent twice with the same one, it is written once.',
  SendTestEvent: 'The type of event of which a sample is sent.',
  SessionsRevoked: 'How many sessions were ended.',
  SetLanguages: 'All languages that the user speaks.',
  SetTaskerTier: 'The tier that a tasker is to have.',
  Settings: 'How the app looks and starts, for this user on every device.',
  SignIn: 'The tokens of a new session, and the user who signed in.',
  SpokenLanguages: 'The languages that the user speaks.',
  SteppedUp: 'An access token that carries the confirmed second factor. The refresh token stays the same.',
  SubmitVerification: 'An identity document: its number and the photos of it, uploaded before.',
  Tasker: 'A tasker as others see them.',
  Tokens: 'A new pair of tokens. The refresh token that it was exchanged for is used up.',
  TotpConfirmed: 'The active authenticator app. Backup codes come with the first one only.',
  TotpEnrolment:
    'The secret of an authenticator app, to be shown as a QR code. It becomes active with `me.confirmTotp`.',
  TrialBalanceLine: 'The sum of the accounts of one kind in one currency.',
  TrialBalanceTotal: 'The sum over all accounts in one currency: zero, or the books are wrong.',
  UpdateAddress: 'The fields of an address that change.',
  UpdateApiKey: 'The new name of a key. Its scopes cannot be changed: create another key.',
  UpdateCategory: 'The fields of a category that change.',
  UpdateClientProfile: 'The fields of a client profile that change.',
  UpdateDepartment: 'The fields of a department that change.',
  UpdateDesignation: 'The fields of a job title that change.',
  UpdateEmployee: 'The fields of an employment that change.',
  UpdateMe:
    'The fields of your account that change. Phone, e-mail, username and password have operations of their own.',
  UpdateNotificationPreferences:
    'The preferences that change. A kind of event that is left out stays as it is.',
  UpdatePricingBand: 'The ends of the range that change, in minor units.',
  UpdateRole: 'The fields of a role that change. `permissions` replaces the whole list.',
  UpdateSettings: 'The settings that change.',
  UpdateTask: 'The fields of a draft that change. Once posted, a task cannot be changed.',
  UpdateTaskerProfile: 'The fields of a tasker profile that change. Lists are replaced whole.',
  UpdateUserProfile: 'The fields of a profile that change.',
  UpdateWebhook: 'The fields of a webhook that change. `active: true` starts one that was disabled.',
  UserProfile: 'What a user says of themselves, whatever their role.',
  Verification: 'The identity check of the caller: what was submitted, and what staff decided.',
  VerifyEmail: 'The code that was sent to the new address.',
  VerifyOtp: 'The code that was sent to a phone, with the `verificationId` it belongs to.',
  VerifyPasswordReset: 'The code from the e-mail, with the reset it belongs to.',
  VerifyPhone: 'The code that was sent to the new number.',
  WaiveFee: 'Why the fee is waived; both sides can read it.',
  WebhookAttempt: 'One request that was made for a delivery.',
  WebhookKeys: 'The public keys that our Ed25519 signatures are verified with.',
}

/** Describes the schemas that have no words of their own; fails on words that are not needed, as they would say something else. */
export function describeSchemas(schemas: Record<string, Schema>): void {
  for (const [name, description] of Object.entries(words)) {
    const schema = schemas[name]
    if (!schema || schema.description !== undefined)
      throw new Error(
        `schema-words.ts describes ${name}, which ${schema ? 'describes itself' : 'is not there'}`,
      )
    schema.description = description
  }
  for (const [name, schema] of Object.entries(schemas)) {
    const entries = schema.properties?.data?.items?.$ref
    if (!name.endsWith('Page') || !entries) continue
    schema.description ??= 'A page of a list, and the cursor of the next one.'
  }
}
