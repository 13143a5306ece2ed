import { fieldNames } from '../http1/field-names.ts'
import { hopByHopNames } from '../http1/write-head.ts'

/**
 * Fields by which proxies tell apps who the client is: whoever sets one from outside would be believed. All of them are
 * removed, in every spelling that an app could fold to one (`_` for `-`, any case), and in trailers. A `*` at the end
 * takes every name that begins so.
 */
const identityFieldNames = [
  'client-cert*',
  'x-client-cert*',
  'x-client-dn*',
  'x-client-verify*',
  'x-client-subject*',
  'x-client-san*',
  'x-client-serial*',
  'x-client-fingerprint*',
  'x-client-spiffe*',
  'x-ssl*',
  'ssl-*',
  'x-tls-*',
  'x-mtls-*',
  'x-amzn-mtls-*',
  'x-arr-clientcert',
  'x-azure-clientcert*',
  'x-forwarded-client-cert*',
  'x-forwarded-tls-client-cert*',
  'x-forwarded-ssl-client*',
  'x-forwarded-user*',
  'x-forwarded-email',
  'x-forwarded-preferred-username',
  'x-forwarded-groups',
  'x-remote-user*',
  'remote-user',
  'x-auth-request-*',
  'x-spiffe*',
  'x-peer-cert*',
  'x-subject-dn',
  'x-issuer-dn',
  'x-certificate*',
  'x-cert-*',
  'x-webauth-*',
  'x-sallyport-*',
  'sallyport-*',
] as const

/** What only a proxy may say about the connection; we say it anew. */
const forwardedNames = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-forwarded-scheme',
  'x-forwarded-ssl',
  'x-forwarded-server',
  'x-real-ip',
  'x-url-scheme',
  'front-end-https',
  'true-client-ip',
  'x-client-ip',
  'x-cluster-client-ip',
] as const

/** Left out of what the app gets. */
export const removedFields = fieldNames([...identityFieldNames, ...forwardedNames, ...hopByHopNames], { fold: true })

/** Names that are fine as they are, and dangerous where an app folds `_` to `-`: two readers would see two messages. */
export const foldedStandards = fieldNames(
  [
    'host',
    'content-length',
    'transfer-encoding',
    'content-type',
    'content-encoding',
    'expect',
    'authorization',
    'cookie',
    'range',
    'accept',
    'date',
    'origin',
    'referer',
    'user-agent',
    'x-http-method-override',
    'x-http-method',
    'x-method-override',
    'x-original-url',
    'x-rewrite-url',
  ],
  { fold: true },
)

/** For trailers: an app that merges them into the fields must not find an identity there. */
export const forbiddenInTrailers = fieldNames(
  [
    ...identityFieldNames,
    ...forwardedNames,
    ...hopByHopNames,
    'host',
    'content-length',
    'transfer-encoding',
    'content-type',
    'content-encoding',
    'content-range',
    'expect',
    'trailer',
    'authorization',
    'cookie',
    'set-cookie',
  ],
  { fold: true },
)
